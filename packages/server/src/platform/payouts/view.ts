import type {
  Bank,
  Currency,
  PlatformPayout,
  PlatformPayoutMethod,
  PlatformPayoutSettlementStatementStatus,
  PlatformPayoutStatus,
  PlatformPayoutTaxInvoiceStatus,
  SettlementAmountType,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import { partnerView } from '../partners/view.ts'
import { graphqlId, type Platform } from '../platform.ts'
import type { Snapshots } from '../transfers/snapshots.ts'

/** A payout as it stands in the database. */
export type Payout = {
  readonly payoutId: string
  readonly bulkPayoutId: string
  readonly method: PlatformPayoutMethod
  readonly status: PlatformPayoutStatus
  readonly statusUpdatedAt: Instant
  readonly memo: string | null
  readonly partnerId: string
  readonly partnerVersion: number
  readonly bank: Bank
  readonly accountNumber: string
  readonly accountHolder: string
  readonly taxInvoiceId: string | null
  readonly taxInvoiceStatus: PlatformPayoutTaxInvoiceStatus
  readonly currency: Currency
  readonly amount: Amount
  readonly supplyAmount: Amount
  readonly taxFreeAmount: Amount
  readonly vatAmount: Amount
  readonly settlementAmount: Amount
  readonly settlementTaxFree: Amount
  readonly incomeTax: Amount
  readonly localIncomeTax: Amount
  readonly withdrawalMemo: string | null
  readonly depositMemo: string | null
  readonly createdAt: Instant
  readonly scheduledAt: Instant | null
  readonly failReason: string | null
  readonly deductWht: boolean
  readonly settlementAmountType: SettlementAmountType
  readonly statementId: string | null
  readonly statementStatus: PlatformPayoutSettlementStatementStatus
  readonly statementIssuedAt: Instant | null
}

/** The columns of a `Payout`; the row is called `p`. */
export const payoutColumns = (sql: Sql): Fragment => sql`
  p.payout_id as "payoutId", p.bulk_payout_id as "bulkPayoutId", p.method, p.status,
  p.status_updated_at as "statusUpdatedAt", p.memo, p.partner_id as "partnerId", p.partner_version as "partnerVersion",
  p.bank, p.account_number as "accountNumber", p.account_holder as "accountHolder",
  p.tax_invoice_id as "taxInvoiceId", p.tax_invoice_status as "taxInvoiceStatus", p.currency, p.amount,
  p.supply_amount as "supplyAmount", p.tax_free_amount as "taxFreeAmount", p.vat_amount as "vatAmount",
  p.settlement_amount as "settlementAmount", p.settlement_tax_free as "settlementTaxFree",
  p.income_tax as "incomeTax", p.local_income_tax as "localIncomeTax", p.withdrawal_memo as "withdrawalMemo",
  p.deposit_memo as "depositMemo", p.created_at as "createdAt", p.scheduled_at as "scheduledAt",
  p.fail_reason as "failReason", p.deduct_wht as "deductWht", p.settlement_amount_type as "settlementAmountType",
  p.statement_id as "statementId", p.statement_status as "statementStatus",
  p.statement_issued_at as "statementIssuedAt"`

export const payoutView = (platform: Platform, payout: Payout, snapshots: Snapshots): PlatformPayout => ({
  id: payout.payoutId,
  graphqlId: graphqlId('PAYOUT', payout.payoutId),
  bulkPayoutId: payout.bulkPayoutId,
  bulkPayoutGraphqlId: graphqlId('BULK_PAYOUT', payout.bulkPayoutId),
  method: payout.method,
  status: payout.status,
  statusUpdatedAt: toIso(payout.statusUpdatedAt),
  ...(payout.memo === null ? {} : { memo: payout.memo }),
  partner: partnerView(platform, snapshots('PARTNER', { id: payout.partnerId, version: payout.partnerVersion })),
  account: { bank: payout.bank, number: payout.accountNumber, holder: payout.accountHolder },
  ...(payout.taxInvoiceId === null ? {} : { taxInvoiceId: payout.taxInvoiceId }),
  taxInvoiceStatus: payout.taxInvoiceStatus,
  currency: payout.currency,
  amount: payout.amount,
  supplyAmount: payout.supplyAmount,
  taxFreeAmount: payout.taxFreeAmount,
  vatAmount: payout.vatAmount,
  settlementAmount: payout.settlementAmount,
  settlementTaxFreeAmount: payout.settlementTaxFree,
  incomeTaxAmount: payout.incomeTax,
  localIncomeTaxAmount: payout.localIncomeTax,
  ...(payout.withdrawalMemo === null ? {} : { withdrawalMemo: payout.withdrawalMemo }),
  ...(payout.depositMemo === null ? {} : { depositMemo: payout.depositMemo }),
  createdAt: toIso(payout.createdAt),
  ...(payout.scheduledAt === null ? {} : { scheduledAt: toIso(payout.scheduledAt) }),
  ...(payout.failReason === null ? {} : { failReason: payout.failReason }),
  deductWht: payout.deductWht,
  settlementAmountType: payout.settlementAmountType,
  settlementStatement: {
    status: payout.statementStatus,
    ...(payout.statementId === null ? {} : { id: payout.statementId }),
    ...(payout.statementIssuedAt === null ? {} : { issuedAt: toIso(payout.statementIssuedAt) }),
  },
})
