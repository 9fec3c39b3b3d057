import type { PlatformPartnerSettlementStatus, PlatformTransferStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Queryable } from '../../db/connect.ts'

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

/** The status of a transfer `t`, as the API shows it. */
export const statusColumn = (sql: Queryable): Fragment => sql`
  case when t.status = 'SETTLED' then (
    select case s.status ${sql.unsafe(cases)} end from platform_partner_settlements s
    where s.merchant_id = t.merchant_id and s.is_for_test = t.is_for_test
      and s.partner_settlement_id = t.partner_settlement_id
  ) else t.status end`

/** The statuses of settlements in which transfers have one of these statuses. */
export const settlementStatusesOf = (statuses: readonly PlatformTransferStatus[]): readonly string[] =>
  Object.entries(settledStatuses).flatMap(([settlement, transfer]) => (statuses.includes(transfer) ? [settlement] : []))
