import type { Bank, Currency, PlatformPartnerTaxationType, PlatformPartnerTypeName } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Amount } from '../../kernel/money.ts'
import type { PartnerContent } from '../partners/content.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { SettingContent } from '../settings/content.ts'
import { largestSum, shownTotal } from '../sums.ts'
import { type PayoutTaxation, payoutAmounts } from '../transfers/arithmetic/payout.ts'
import { platformOf } from './move.ts'

/**
 * What one payout would pay: what a partner is owed in one currency by the settlements that are to be paid together, or by one
 * that is paid alone; and who the partner is now.
 */
export type PartnerNet = {
  readonly partnerId: string
  readonly partnerVersion: number
  readonly partner: PartnerContent
  readonly currency: Currency
  /** The settlement that is paid alone, as `manualSettlementPerTransfer` had it when its transfer was registered. */
  readonly soleSettlementId: string | null
  /** Orders less cancellations plus manual amounts. */
  readonly settlement: Amount
  readonly settlementTaxFree: Amount
  readonly settlementIds: readonly string[]
  readonly settlementVersions: readonly number[]
}

type Sums = Omit<PartnerNet, 'partner' | 'partnerVersion'>
type Partner = { readonly id: string; readonly version: number; readonly content: PartnerContent }

/**
 * The nets of the settlements `s` that `which` names, in the order of partner, currency and sole settlement. Partners are read by
 * themselves: joined, PostgreSQL read all settlements again for every partner where it had not counted the merchant's rows yet.
 */
export const findNets = async (
  sql: Sql,
  platform: Platform,
  which: Fragment,
  limit = 1_000_000,
): Promise<readonly PartnerNet[]> => {
  const sums = await sumUp(sql, platform, which, limit)
  const partners = await sql<Partner[]>`
    select id, version, content from platform_entities
    where ${ofPlatform(sql, platform)} and kind = 'PARTNER'
      and id = any(${[...new Set(sums.map(({ partnerId }) => partnerId))]}::text[])`
  const byId = new Map(partners.map((partner) => [partner.id, partner]))
  return sums.flatMap((sum) => {
    const partner = byId.get(sum.partnerId)
    return partner === undefined ? [] : [{ ...sum, partnerVersion: partner.version, partner: partner.content }]
  })
}

const sumUp = (sql: Sql, platform: Platform, which: Fragment, limit: number): Promise<readonly Sums[]> => {
  const signed = (column: string) =>
    shownTotal(sql, sql`sum(case when s.type = 'ORDER_CANCEL' then -s.${sql(column)} else s.${sql(column)} end)`)
  return sql<Sums[]>`
    select s.partner_id as "partnerId", s.currency, ${soleSettlement(sql)} as "soleSettlementId",
      ${signed('settlement')} as settlement, ${signed('settlement_tax_free')} as "settlementTaxFree",
      array_agg(s.partner_settlement_id order by s.partner_settlement_id) as "settlementIds",
      array_agg(s.version order by s.partner_settlement_id) as "settlementVersions"
    from platform_partner_settlements s
    where ${platformOf(sql, platform, 's')} and ${which}
    group by 1, 2, 3 order by 1, 2, 3 limit ${limit}`
}

/** What divides the settlements `s` of a partner and currency among payouts: their own id for those that are paid alone. */
export const soleSettlement = (sql: Sql): Fragment => sql`case when s.is_paid_alone then s.partner_settlement_id end`

/** Whether one payout could not pay the net, nor say how much it is. */
export const isTooLarge = ({ settlement, settlementTaxFree }: PartnerNet): boolean =>
  Math.max(Math.abs(settlement), Math.abs(settlementTaxFree)) > largestSum

/** A payout as it is written, but for what all payouts of a statement share. */
export type PayoutRow = {
  readonly payout_id: string
  readonly partner_id: string
  readonly partner_version: number
  readonly partner_type: PlatformPartnerTypeName
  readonly taxation_type: PlatformPartnerTaxationType | null
  readonly bank: Bank
  readonly account_number: string
  readonly account_holder: string
  readonly currency: Currency
  /** Empty where it pays all that is not paid alone. */
  readonly sole_settlement_id: string
  readonly amount: Amount
  readonly supply_amount: Amount
  readonly tax_free_amount: Amount
  readonly vat_amount: Amount
  readonly settlement_amount: Amount
  readonly settlement_tax_free: Amount
  readonly income_tax: Amount
  readonly local_income_tax: Amount
}

/** The payout that pays a net, taxed as the partner is now. The net must not be negative. */
export const payoutOf = (
  payoutId: string,
  { partnerId, partnerVersion, partner, currency, soleSettlementId, settlement, settlementTaxFree }: PartnerNet,
  { deductWht, settlementAmountType, calculator }: SettingContent,
): PayoutRow => {
  const amounts = payoutAmounts({
    settlement: BigInt(settlement),
    settlementTaxFree: BigInt(settlementTaxFree),
    taxation: taxationOf(partner),
    settlementAmountType,
    deductWht,
    isKrw: currency === 'KRW',
    vatRoundType: calculator.vatRoundType,
  })
  return {
    payout_id: payoutId,
    partner_id: partnerId,
    partner_version: partnerVersion,
    partner_type: partner.type.type,
    taxation_type: partner.type.type === 'BUSINESS' ? partner.type.taxationType : null,
    bank: partner.account.bank,
    account_number: partner.account.number,
    account_holder: partner.account.holder,
    currency,
    sole_settlement_id: soleSettlementId ?? '',
    amount: Number(amounts.amount),
    supply_amount: Number(amounts.supplyAmount),
    tax_free_amount: Number(amounts.taxFreeAmount),
    vat_amount: Number(amounts.vatAmount),
    settlement_amount: settlement,
    settlement_tax_free: settlementTaxFree,
    income_tax: Number(amounts.incomeTaxAmount),
    local_income_tax: Number(amounts.localIncomeTaxAmount),
  }
}

const taxationOf = ({ type }: PartnerContent): PayoutTaxation => {
  switch (type.type) {
    case 'BUSINESS':
      return type.taxationType === 'TAX_FREE' ? 'TAX_FREE_BUSINESS' : 'VAT_BUSINESS'
    case 'WHT_PAYER':
      return 'WHT_PAYER'
    case 'NON_WHT_PAYER':
      return 'NON_WHT_PAYER'
  }
}
