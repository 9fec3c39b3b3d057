import {
  type GetPaymentReconciliationTransactionVatReportBody,
  type PaymentReconciliationVatReportItem,
  type ReconciliationPgProvider,
  reconciliationPgProviders,
  type SelectedChannel,
  type SimplifiedPaymentMethodType,
} from '@naru/contract'
import { type Amount, sum, sumAtAnySize } from '../kernel/money.ts'
import { invalid, type Refusal } from '../kernel/refusal.ts'
import { vatWithin } from '../payments/state/amount.ts'
import type { Movement } from './movement.ts'

export type VatReport = {
  readonly items: PaymentReconciliationVatReportItem[]
  readonly summary: {
    readonly totalSupplyAmount: Amount
    readonly totalVatAmount: Amount
    readonly totalTaxFreeAmount: Amount
    readonly totalAmount: Amount
  }
  readonly pgSpecifiers: { pgMerchantId: string; pgProvider: ReconciliationPgProvider }[]
}

const methods: readonly SimplifiedPaymentMethodType[] = [
  'CARD',
  'TRANSFER',
  'VIRTUAL_ACCOUNT',
  'MOBILE',
  'CHARGE',
  'POINT',
  'ETC',
]

/**
 * Sums up movements by payment method, with cancellations as negative amounts. By PortOne's reconciliation guide, VAT is an
 * eleventh of the taxable amount, rounded, and the supply is what remains after discount, tax-free amount and VAT. Reports
 * name no currency, so they cover won only (our choice: VAT is Korean). Refuses what adds up to more than JSON carries exactly.
 */
export const vatReport = (movements: readonly Movement[]): VatReport | Refusal<'INVALID_REQUEST'> => {
  const won = movements.filter(({ currency }) => currency === 'KRW')
  // Of approvals and of cancellations each, which bounds every sum of them.
  for (const wanted of ['APPROVAL', 'CANCELLATION'] as const) {
    const totals = won.filter(({ type }) => type === wanted).map(({ order }) => order.total)
    if (sumAtAnySize(totals) > Number.MAX_SAFE_INTEGER)
      return invalid(
        `dateRange: the amounts of these days add up to more than ${Number.MAX_SAFE_INTEGER}. Ask for fewer days.`,
      )
  }
  const items = methods.flatMap((paymentMethod) => {
    const parts = won.filter(({ method }) => method === paymentMethod).map(partsOf)
    return parts.length === 0 ? [] : [{ paymentMethod, ...added(parts) }]
  })
  const total = added(items)
  return {
    items,
    summary: {
      totalSupplyAmount: total.supplyAmount,
      totalVatAmount: total.vatAmount,
      totalTaxFreeAmount: total.taxFreeAmount,
      totalAmount: total.totalAmount,
    },
    pgSpecifiers: specifiersOf(won),
  }
}

type Parts = Omit<PaymentReconciliationVatReportItem, 'paymentMethod'>

const partsOf = ({ type, order: { total, taxFree, discount } }: Movement): Parts => {
  const sign = type === 'APPROVAL' ? 1 : -1
  const vat = vatWithin(total - taxFree)
  const supply = total - discount - taxFree - vat
  // Adding 0 avoids a negative zero.
  const signed = (amount: Amount) => sign * amount + 0
  return {
    supplyAmount: signed(supply),
    vatAmount: signed(vat),
    taxFreeAmount: signed(taxFree),
    totalAmount: signed(total - discount),
  }
}

const added = (parts: readonly Parts[]): Parts => ({
  supplyAmount: sum(parts.map(({ supplyAmount }) => supplyAmount)),
  vatAmount: sum(parts.map(({ vatAmount }) => vatAmount)),
  taxFreeAmount: sum(parts.map(({ taxFreeAmount }) => taxFreeAmount)),
  totalAmount: sum(parts.map(({ totalAmount }) => totalAmount)),
})

const specifiersOf = (movements: readonly Movement[]): VatReport['pgSpecifiers'] => {
  const found = new Map<string, VatReport['pgSpecifiers'][number]>()
  for (const { channel } of movements) {
    const pgProvider = reportName(channel)
    const { pgMerchantId } = channel
    if (pgProvider) found.set(`${pgProvider} ${pgMerchantId}`, { pgMerchantId, pgProvider })
  }
  return [...found.values()]
}

/** Reports name PGs by company. A PG without such a name in PortOne is in the sums but not in the list. */
const reportName = ({ pgProvider }: SelectedChannel): ReconciliationPgProvider | undefined => {
  const base = pgProvider.replace(/_V2$/, '').replace(/^HTML5_/, '')
  return reconciliationPgProviders.find((name) => name === (renamed.get(base) ?? base))
}

const renamed: ReadonlyMap<string, string> = new Map([
  ['NICE', 'NICEPAY'],
  ['TOSS_BRANDPAY', 'TOSSPAYMENTS'],
  ['NAVERCO', 'NAVERPAY'],
  ['KCP_BILLING', 'KCP'],
  ['INICIS_UNIFIED', 'INICIS'],
  ['SETTLE', 'HECTO'],
  ['SETTLE_ACC', 'HECTO'],
  ['SETTLE_FIRM', 'HECTO'],
  ['DANAL_TPAY', 'DANAL'],
  ['DAOU', 'KIWOOMPAY'],
])

type Filter = NonNullable<GetPaymentReconciliationTransactionVatReportBody['filter']>

/** Whether a movement belongs to one of the contracts asked for. */
export const isOfContract = ({ channel }: Movement, specifiers: Filter['pgSpecifiers']): boolean =>
  !specifiers?.length ||
  specifiers.some(
    ({ pgMerchantId, pgProvider }) => pgMerchantId === channel.pgMerchantId && pgProvider === reportName(channel),
  )
