import fc from 'fast-check'
import type { CancelRequest } from '../cancel-request.ts'
import { exceededIn } from '../exceeded.ts'
import { orderQuantities } from '../quantities.ts'
import type { RoundType } from '../rounding.ts'
import type { AdditionalFee, Discount, Fee, Order, OrderLine, Payer, Terms } from '../terms.ts'
import { roundedBy, type Transfer, terms } from './orders.ts'

const roundType = fc.constantFrom<RoundType>('DOWN', 'UP', 'OFF')
const payer = fc.constantFrom<Payer>('PARTNER', 'MERCHANT')

const upTo = (max: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max })
const tiny = { max: 100n, arbitrary: upTo(100n) }
const everyday = { max: 1_000_000n, arbitrary: upTo(1_000_000n) }

/** Mostly everyday amounts, often tiny ones, where roundings show, and now and then the largest the API takes. */
const amount = (max: bigint): fc.Arbitrary<bigint> => {
  const largest = upTo(max)
  return fc.oneof(
    { weight: 4, arbitrary: max < tiny.max ? largest : tiny.arbitrary },
    { weight: 8, arbitrary: max < everyday.max ? largest : everyday.arbitrary },
    { weight: 1, arbitrary: largest },
  )
}

const fee: fc.Arbitrary<Fee> = fc.oneof(
  fc.bigInt({ min: 0n, max: 100_000n }).map((rate) => ({ type: 'FIXED_RATE', rate }) as const),
  amount(100_000n).map((fixed) => ({ type: 'FIXED_AMOUNT', amount: fixed }) as const),
)

/** Mostly PortOne's, and what a platform may define instead. */
const taxFreeFormula = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  fc.constantFrom(
    'ORDER_TAX_FREE_AMOUNT',
    'SETTLEMENT_AMOUNT * ORDER_TAX_FREE_RATIO',
    'PAYMENT_TAX_FREE_AMOUNT - PLATFORM_FEE_AMOUNT',
    'SETTLEMENT_AMOUNT * 2 - ORDER_AMOUNT',
  ),
)

export const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    ...{ fee, vatPayer: payer, subtractPaymentVatAmount: fc.boolean() },
    ...{ round: roundType, vat: roundType, taxFreeFormula },
  })
  .map(({ fee, vatPayer, subtractPaymentVatAmount, round, vat, taxFreeFormula }) =>
    terms(fee, { vatPayer, subtractPaymentVatAmount, calculator: roundedBy(round, vat, taxFreeFormula) }),
  )

/** Two policies only, so that one is often listed twice. */
const policyId = fc.constantFrom('spring', 'coupon')
const shareRates: Readonly<Record<string, bigint>> = { spring: 33_333n, coupon: 100_000n }

const discounts = (order: bigint): fc.Arbitrary<readonly Discount[]> =>
  fc.array(
    amount(order).chain((size) =>
      fc.record({ policyId, taxFreeAmount: fc.oneof(fc.constant(0n), amount(size)) }).map((more) => ({
        ...more,
        amount: size,
        partnerShareRate: shareRates[more.policyId] ?? 0n,
      })),
    ),
    { maxLength: 3 },
  )

const additionalFees: fc.Arbitrary<readonly AdditionalFee[]> = fc.array(
  fc.record({ policyId: fc.constantFrom('pg', 'packing'), fee, vatPayer: payer }),
  { maxLength: 2 },
)

const anyLine = (productId: string): fc.Arbitrary<OrderLine> =>
  fc
    .record({ unitAmount: amount(100_000_000n), quantity: fc.bigInt({ min: 1n, max: 6n }), additionalFees })
    .chain((line) =>
      fc
        .record({
          unitTaxFreeAmount: fc.oneof(fc.constant(0n), fc.constant(line.unitAmount), amount(line.unitAmount)),
          discounts: discounts(line.unitAmount),
        })
        .map((more) => ({ productId, ...line, ...more })),
    )

const lines = ['A', 'B', 'C', 'D'].map(anyLine)
const tuples = lines.map((_, last) => fc.tuple(...lines.slice(0, last + 1)))

const byLines = fc
  .record({
    lines: fc.oneof(...tuples),
    discounts: discounts(1_000n),
    additionalFees,
    taxFreeAmount: fc.option(amount(1_000n), { nil: undefined }),
  })
  .map(({ lines, ...more }): Order => ({ detail: { type: 'LINES', lines }, ...more }))

const byAmount = amount(9_000_000_000_000_000n).chain((size) =>
  fc
    .record({ discounts: discounts(size), additionalFees, taxFreeAmount: fc.option(amount(size), { nil: undefined }) })
    .map((more): Order => ({ detail: { type: 'AMOUNT', amount: size }, ...more })),
)

/** An order that the API accepts: no part of it exceeds the whole. */
export const anyOrder: fc.Arbitrary<Order> = fc.oneof(byAmount, { weight: 3, arbitrary: byLines }).filter((order) => {
  const quantities = orderQuantities(order)
  const lines = quantities.lines.map((line) => ({ ...line, discounts: line.discounts.map(({ discount }) => discount) }))
  return !exceededIn({ ...quantities, lines, discounts: order.discounts })
})

/** A step towards less, as shares of what is left, so that it fits whatever came before it. */
export type Step = {
  readonly kind: 'PART' | 'REST' | 'ALL'
  readonly share: number
  /** Of the tax-free part: a customer gives back other goods than the mix of the order. */
  readonly taxFreeShare: number
  readonly discountShare: number
  readonly productIndex: number
}

const share = fc.constantFrom(0.01, 0.1, 1 / 3, 0.5, 0.9)

export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 16, arbitrary: fc.constant('PART' as const) },
      { weight: 2, arbitrary: fc.constant('REST' as const) },
      { weight: 1, arbitrary: fc.constant('ALL' as const) },
    ),
    share,
    taxFreeShare: fc.oneof(fc.constant(0), fc.constant(1), share),
    discountShare: fc.oneof(fc.constant(0), fc.constant(1), share),
    productIndex: fc.nat(3),
  }),
  { maxLength: 6 },
)

/** The step as a request to what is left of the transfer. Some of them are refused, as some of a customer's are. */
export const requestOf = ({ original, remainder }: Transfer, step: Step): CancelRequest => {
  const part = (whole: bigint, portion: number): bigint => (whole * BigInt(Math.round(portion * 1_000))) / 1_000n
  const some = (level: typeof remainder.discounts) =>
    level.map(({ policyId: id, amount: left, taxFreeAmount }) => ({
      policyId: id,
      amount: part(left, step.discountShare),
      taxFreeAmount: part(taxFreeAmount, step.discountShare),
    }))
  if (step.kind === 'ALL') return { detail: { type: 'ALL' }, discounts: [] }
  const discounts = some(remainder.discounts)
  const chosen = remainder.lines[step.productIndex % Math.max(1, remainder.lines.length)]
  if (original.order.detail.type === 'AMOUNT' || !chosen) {
    const { order, orderTaxFree } = remainder.amount
    if (step.kind === 'REST') return { detail: { type: 'AMOUNT', amount: order }, discounts: [] }
    return {
      detail: { type: 'AMOUNT', amount: part(order, step.share) },
      taxFreeAmount: part(orderTaxFree, step.taxFreeShare),
      discounts,
    }
  }
  const { productId, quantity } = chosen
  const units = step.kind === 'REST' ? quantity : 1n + part(quantity, step.share) / 2n
  return {
    detail: { type: 'LINES', lines: [{ productId, quantity: units, discounts: some(chosen.discounts) }] },
    discounts,
  }
}
