import type { PlatformPartnerSettlementStatus } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'

export const noBulkPayout = (id: string): Refusal<'INVALID_REQUEST'> =>
  refuse('INVALID_REQUEST', `There is no bulk payout ${id}. See which there are (naru payout list).`)

/** What there is of these dates, where nothing of it can be paid. */
export const whyNonePayable = async (sql: Sql, platform: Platform, settlementDates: readonly Day[]) => {
  const dates = settlementDates.join(', ')
  const found = await sql<{ status: PlatformPartnerSettlementStatus; currency: string; count: number }[]>`
    select status, currency, count(*) as count from platform_partner_settlements
    where ${ofPlatform(sql, platform)} and settlement_date = any(${[...settlementDates]}::text[])
    group by status, currency order by status, currency`
  if (found.length === 0)
    return refuse(
      'INVALID_REQUEST',
      `There is no partner settlement of ${dates}. Settlements are made on their date, at midnight in Seoul; see which there are ` +
        '(naru payout settlements).',
    )
  const shown = found.map(
    ({ status, currency, count }) => `${count} ${status} in ${currency} (${settlementRemedies[status]})`,
  )
  return refuse('INVALID_REQUEST', `No settlement in KRW of ${dates} can be paid; these are: ${shown.join(', ')}.`)
}

const otherwise =
  'too much for one payout, which naru audit explains, or paid elsewhere and recorded with complete-payout'

/** What there is to do about settlements that no bulk payout can take up. */
const settlementRemedies: Readonly<Record<PlatformPartnerSettlementStatus, string>> = {
  PAYOUT_PREPARED: otherwise,
  PAYOUT_FAILED: otherwise,
  CANCELLED: otherwise,
  PAYOUT_WITHHELD: 'release them first',
  PAYOUT_EXCLUDED: 'release them first',
  CONFIRMED: 'another bulk payout pays them; execute or cancel it',
  PAYOUT_SCHEDULED: 'another bulk payout pays them on schedule',
  IN_PAYOUT: 'another bulk payout is paying them',
  PAID_OUT: 'they are paid',
}

/** What is in the way of a bulk payout that has settlements to pay. */
export const whyNotCreated = async (sql: Sql, { platform }: PlatformRequest, bulkPayoutId: string) => {
  const [other] = await sql<{ id: string }[]>`
    select bulk_payout_id as id from platform_bulk_payouts
    where ${ofPlatform(sql, platform)} and status = 'PREPARING' and bulk_payout_id <> ${bulkPayoutId}`
  return other
    ? refuse(
        'INVALID_REQUEST',
        `The bulk payout ${other.id} is in preparation (PREPARING), and one is prepared at a time. Generate its payouts (naru payout generate ` +
          `${other.id}) or discard it (naru payout discard ${other.id}) first.`,
      )
    : refuse(
        'PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS',
        `There is a bulk payout ${bulkPayoutId} already. Choose another id.`,
      )
}

/** Says what became of it: who repeats a request whose answer was lost learns that it was done. */
export const notPreparing = async (sql: Sql, platform: Platform, bulkPayoutId: string) => {
  const [found] = await sql<{ status: string; count: number }[]>`
    select status, payout_count as count from platform_bulk_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId}`
  return found === undefined
    ? noBulkPayout(bulkPayoutId)
    : refuse(
        'INVALID_REQUEST',
        `The bulk payout ${bulkPayoutId} is ${found.status} and has payouts: ${found.count}. ` +
          'This can be done only while it is PREPARING and before its payouts are generated. ' +
          whatInstead(bulkPayoutId, found.status),
      )
}

const whatInstead = (id: string, status: string): string => {
  if (status === 'PREPARING') return `Generate the rest of them (naru payout generate ${id}).`
  return status === 'PREPARED'
    ? `Execute its payouts (naru payout execute ${id}), or cancel them (naru payout cancel ${id}).`
    : 'For what is not paid yet, prepare another bulk payout (naru payout prepare).'
}
