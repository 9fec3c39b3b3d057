import type {
  Currency,
  PlatformPartnerSettlement,
  PlatformPartnerSettlementStatus,
  PlatformPartnerSettlementType,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import type { Day } from '../../kernel/days.ts'
import type { Amount } from '../../kernel/money.ts'
import { contractView } from '../contracts/view.ts'
import { partnerView } from '../partners/view.ts'
import { graphqlId, type Platform } from '../platform.ts'
import type { AmountField } from '../transfers/arithmetic/amounts.ts'
import { amountsColumn } from '../transfers/rows.ts'
import type { SnapshotKey, Snapshots } from '../transfers/snapshots.ts'
import { amountView } from '../transfers/view.ts'

/** A partner settlement as it stands in the database. */
export type Settlement = OfOrders | ByHand

type OfOrders = Common & {
  readonly type: Exclude<PlatformPartnerSettlementType, 'MANUAL'>
  readonly contractId: string
  readonly contractVersion: number
  readonly startDateFrom: Day
  readonly startDateUntil: Day
}

type ByHand = Common & { readonly type: 'MANUAL' }

type Common = {
  readonly settlementId: string
  readonly status: PlatformPartnerSettlementStatus
  readonly statusUpdatedAt: Instant
  readonly partnerId: string
  readonly partnerVersion: number
  readonly settlementDate: Day
  readonly currency: Currency
  readonly memo: string | null
  readonly amounts: Readonly<Record<AmountField, Amount>>
  readonly userDefinedFormulas: Readonly<Record<string, Amount>>
}

/** The columns of a `Settlement`; the row is called `s`. */
export const settlementColumns = (sql: Sql): Fragment => sql`
  s.partner_settlement_id as "settlementId", s.type, s.status, s.status_updated_at as "statusUpdatedAt",
  s.partner_id as "partnerId", s.partner_version as "partnerVersion", s.contract_id as "contractId",
  s.contract_version as "contractVersion", s.settlement_date as "settlementDate", s.currency,
  s.start_date_from as "startDateFrom", s.start_date_until as "startDateUntil", s.memo,
  ${amountsColumn(sql, 's')} as amounts, s.user_defined_formulas as "userDefinedFormulas"`

/** The partner and the contract in their latest versions among the transfers. */
export const settlementKeysOf = (settlement: Settlement): readonly SnapshotKey[] => {
  const partner: SnapshotKey = { kind: 'PARTNER', id: settlement.partnerId, version: settlement.partnerVersion }
  if (settlement.type === 'MANUAL') return [partner]
  return [partner, { kind: 'CONTRACT', id: settlement.contractId, version: settlement.contractVersion }]
}

export const settlementView = (
  platform: Platform,
  settlement: Settlement,
  snapshots: Snapshots,
): PlatformPartnerSettlement => {
  const { settlementId, partnerId, partnerVersion, settlementDate, currency, status, statusUpdatedAt, memo } =
    settlement
  const common = {
    id: settlementId,
    graphqlId: graphqlId('PARTNER_SETTLEMENT', settlementId),
    partner: partnerView(platform, snapshots('PARTNER', { id: partnerId, version: partnerVersion })),
    settlementDate,
    settlementCurrency: currency,
    status,
    statusUpdatedAt: toIso(statusUpdatedAt),
    ...(memo === null ? {} : { memo }),
    isForTest: platform.isForTest,
  }
  if (settlement.type === 'MANUAL') {
    const { settlement: amount, settlementTaxFree } = settlement.amounts
    return { type: 'MANUAL', ...common, amount, taxFreeAmount: settlementTaxFree }
  }
  const { type, contractId, contractVersion, startDateFrom, startDateUntil } = settlement
  return {
    type,
    ...common,
    contract: contractView(platform, snapshots('CONTRACT', { id: contractId, version: contractVersion })),
    settlementStartDateRange: { from: startDateFrom, until: startDateUntil },
    amount: amountView(settlement),
  }
}
