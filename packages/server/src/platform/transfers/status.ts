import type { PlatformPartnerSettlementStatus, PlatformTransferStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Queryable, Sql } from '../../db/connect.ts'

/**
 * What a transfer is while its settlement is this: payable again once a payout failed or was cancelled. It is kept in the
 * settlement alone, so that a payout of a million transfers moves as few rows as it has settlements.
 */
export const settledStatuses = {
  PAYOUT_PREPARED: 'SETTLED',
  PAYOUT_WITHHELD: 'SETTLED',
  PAYOUT_EXCLUDED: 'SETTLED',
  PAYOUT_FAILED: 'SETTLED',
  CANCELLED: 'SETTLED',
  CONFIRMED: 'PAYOUT_CONFIRMED',
  PAYOUT_SCHEDULED: 'IN_PAYOUT',
  IN_PAYOUT: 'IN_PAYOUT',
  PAID_OUT: 'PAID_OUT',
} as const satisfies Readonly<Record<PlatformPartnerSettlementStatus, PlatformTransferStatus>>

const cases = Object.entries(settledStatuses)
  .map(([settlement, transfer]) => `when '${settlement}' then '${transfer}'`)
  .join(' ')

/**
 * What a transfer is kept as. `ASSIGNED`: it waits, and names the settlement in advance that the end of its day will found;
 * once there is one of this name it is settled, and no transfer need be written. `IN_PROCESS`: it waits without a name, and
 * `SETTLED`: it was written when it was settled, as those are that came once their day was closed.
 */
export type KeptStatus = 'SCHEDULED' | 'IN_PROCESS' | 'ASSIGNED' | 'SETTLED'

/** The status of a transfer `t`, as the API shows it: that of its settlement, once there is one. */
export const statusColumn = (sql: Queryable): Fragment => sql`
  case when t.partner_settlement_id is null then t.status else coalesce((
    select case s.status ${sql.unsafe(cases)} end from platform_partner_settlements s
    where s.merchant_id = t.merchant_id and s.is_for_test = t.is_for_test
      and s.partner_settlement_id = t.partner_settlement_id
  ), 'IN_PROCESS') end`

/** That a transfer `t` has one of these statuses. */
export const hasOneOf = (sql: Sql, statuses: readonly PlatformTransferStatus[]): Fragment => sql`
  case when t.partner_settlement_id is null then t.status = any(${[...statuses]}::text[]) else coalesce((
    select s.status = any(${[...settlementStatusesOf(statuses)]}::text[]) from platform_partner_settlements s
    where s.merchant_id = t.merchant_id and s.is_for_test = t.is_for_test
      and s.partner_settlement_id = t.partner_settlement_id
  ), ${statuses.includes('IN_PROCESS')}) end`

/** The statuses of settlements in which transfers have one of these statuses. */
export const settlementStatusesOf = (statuses: readonly PlatformTransferStatus[]): readonly string[] =>
  Object.entries(settledStatuses).flatMap(([settlement, transfer]) => (statuses.includes(transfer) ? [settlement] : []))
