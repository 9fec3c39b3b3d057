import type { Fraction } from '../../../../kernel/fraction.ts'
import type { OrderAmounts } from '../amounts.ts'
import { type Calculator, type CalculatorText, compileCalculator, defaultCalculator } from '../calculator.ts'
import { type SettledOrder, settleCancel } from '../cancel.ts'
import type { CancelRequest } from '../cancel-request.ts'
import { type CancelProblem, checkCancel } from '../check-cancel.ts'
import { type Remainder, takeAway, wholeOf } from '../remainder.ts'
import type { RoundType } from '../rounding.ts'
import { settleOrder } from '../settle.ts'
import type { Settlement } from '../settlement.ts'
import type { AdditionalFee, Discount, Fee, Order, OrderLine, Payer, Terms } from '../terms.ts'

export const rate = (percent: number): Fee => ({ type: 'FIXED_RATE', rate: BigInt(Math.round(percent * 1_000)) })
export const fixed = (amount: bigint): Fee => ({ type: 'FIXED_AMOUNT', amount })

export const calculator = (
  changes: Partial<CalculatorText> = {},
  parameterKeys: readonly string[] = [],
): Calculator => {
  const compiled = compileCalculator({ ...defaultCalculator, ...changes }, parameterKeys)
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems))
  return compiled.calculator
}

/** PortOne's default formulas with one rounding for all of them. Compiled once: property tests want them ten thousand times. */
export const roundedBy = (
  roundType: RoundType,
  vatRoundType: RoundType = 'DOWN',
  taxFreeFormula: string = defaultCalculator.settlementTaxFree.formula,
): Calculator => {
  const key = [roundType, vatRoundType, taxFreeFormula].join(' ')
  const known = rounded.get(key) ?? compileRounded(roundType, vatRoundType, taxFreeFormula)
  rounded.set(key, known)
  return known
}

const rounded = new Map<string, Calculator>()

const compileRounded = (roundType: RoundType, vatRoundType: RoundType, taxFreeFormula: string): Calculator => {
  const { discountShare, platformFee, additionalFee, settlement } = defaultCalculator
  return calculator({
    discountShare: { ...discountShare, roundType },
    platformFee: { ...platformFee, roundType },
    additionalFee: { ...additionalFee, roundType },
    settlement: { ...settlement, roundType },
    settlementTaxFree: { formula: taxFreeFormula, roundType },
    vatRoundType,
  })
}

const usualCalculator = calculator()

export const terms = (fee: Fee, more: Partial<Terms> & { readonly vatPayer?: Payer } = {}): Terms => {
  const { vatPayer = 'PARTNER', ...rest } = more
  return {
    platformFee: { fee, vatPayer },
    subtractPaymentVatAmount: false,
    calculator: usualCalculator,
    parameters: new Map<string, Fraction>(),
    ...rest,
  }
}

export const discount = (policyId: string, amount: bigint, percent: number, taxFreeAmount = 0n): Discount => ({
  policyId,
  amount,
  taxFreeAmount,
  partnerShareRate: BigInt(Math.round(percent * 1_000)),
})

export const additionalFee = (policyId: string, fee: Fee, vatPayer: Payer = 'PARTNER'): AdditionalFee => ({
  policyId,
  fee,
  vatPayer,
})

export const byAmount = (amount: bigint, more: Partial<Order> = {}): Order => ({
  detail: { type: 'AMOUNT', amount },
  discounts: [],
  additionalFees: [],
  ...more,
})

export const byLines = (lines: readonly OrderLine[], more: Partial<Order> = {}): Order => ({
  detail: { type: 'LINES', lines },
  discounts: [],
  additionalFees: [],
  ...more,
})

export const line = (
  productId: string,
  unitAmount: bigint,
  quantity: bigint,
  more: Partial<OrderLine> = {},
): OrderLine => ({
  productId,
  unitAmount,
  quantity,
  unitTaxFreeAmount: 0n,
  discounts: [],
  additionalFees: [],
  ...more,
})

/** A transfer and what is left of it, as cancellations take from it one after the other. */
export class Transfer {
  readonly original: SettledOrder
  remainder: Remainder
  readonly cancels: Settlement[] = []

  constructor(order: Order, orderTerms: Terms) {
    this.original = { order, terms: orderTerms, settlement: settleOrder(order, orderTerms) }
    this.remainder = wholeOf(this.original.settlement)
  }

  get amount(): OrderAmounts {
    return this.original.settlement.amount
  }

  /** Cancels, or returns why that is refused. */
  try(request: CancelRequest): Settlement | { readonly problem: CancelProblem } {
    const checked = checkCancel(this.original.order, this.remainder, request)
    if ('problem' in checked) return checked
    const cancel = settleCancel(this.original, this.remainder, checked)
    this.remainder = takeAway(this.remainder, cancel)
    this.cancels.push(cancel)
    return cancel
  }

  cancel(request: CancelRequest): Settlement {
    const result = this.try(request)
    if ('problem' in result) throw new Error(`refused: ${result.problem.type}`)
    return result
  }
}

export const cancelAmount = (amount: bigint, more: Partial<CancelRequest> = {}): CancelRequest => ({
  detail: { type: 'AMOUNT', amount },
  discounts: [],
  ...more,
})

export const cancelUnits = (productId: string, quantity: bigint, more: Partial<CancelRequest> = {}): CancelRequest => ({
  detail: { type: 'LINES', lines: [{ productId, quantity, discounts: [] }] },
  discounts: [],
  ...more,
})

export const cancelAll: CancelRequest = { detail: { type: 'ALL' }, discounts: [] }
