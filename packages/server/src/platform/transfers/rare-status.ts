import type { PlatformTransferFilterInput, PlatformTransferStatus } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { type Criterion, hasStatus, ofSettlements } from './criteria.ts'
import { settlementStatusesOf } from './status.ts'

/** So few settlements that a list is merged from the transfers of each. */
const fewSettlements = 300

/**
 * Transfers of a partner that have one of these statuses: of each day on which the partner may have some, which one index
 * has in order. Along all transfers of the partner, or all with that status, a list would read past the others.
 */
export const ofPartnerWithStatus = (
  sql: Sql,
  platform: Platform,
  partnerId: string,
  statuses: readonly PlatformTransferStatus[],
): readonly Criterion[] =>
  hasStatus(sql, platform, statuses).map(({ holds }) => ({
    holds: sql`t.partner_id = ${partnerId} and ${holds}`,
    streams: {
      each: sql`
        select day as value from platform_days
        where ${ofPlatform(sql, platform)} and ${statuses.some(isWaiting)}
        union select settlement_date from platform_partner_settlements
        where ${ofPlatform(sql, platform)} and partner_id = ${partnerId}
          and status = any(${[...settlementStatusesOf(statuses)]}::text[])`,
      member: sql`t.settlement_date = k.value and t.partner_id = ${partnerId} and ${holds}`,
    },
  }))

const isWaiting = (status: PlatformTransferStatus): boolean => status === 'SCHEDULED' || status === 'IN_PROCESS'

/**
 * The transfers in the settlements that have one of these statuses, on the days asked for, where those are few; `undefined`
 * where they are many, so that the newest transfers have some of them, where a transfer can have the status without a settlement,
 * or where one partner is asked for.
 */
export const ofFewSettlements = async (
  sql: Sql,
  platform: Platform,
  { statuses = [], keyword, settlementDateRange: days }: PlatformTransferFilterInput,
): Promise<Criterion | undefined> => {
  const isOfPartner = keyword?.partnerId !== undefined
  if (isOfPartner || statuses.length === 0 || statuses.some(isWaiting)) return undefined
  const found = sql`
    select settlement_date, partner_id, partner_settlement_id as value from platform_partner_settlements
    where ${ofPlatform(sql, platform)} and status = any(${[...settlementStatusesOf(statuses)]}::text[])
      ${days === undefined ? sql`` : sql`and settlement_date between ${days.from} and ${days.until}`}`
  const [{ count }] = await sql<[{ count: number }]>`
    select count(*) from (select from (${found}) with_status limit ${fewSettlements + 1}) counted`
  return count <= fewSettlements ? ofSettlements(sql, found) : undefined
}
