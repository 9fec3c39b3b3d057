import type { Currency, Refund } from '@naru/contract'
import { minorUnitDigits } from '../kernel/currency.ts'
import { sum } from '../kernel/money.ts'
import type { Attempt, Cancellation } from '../payments/state/payment.ts'
import { chargedAmount, refundOf } from '../payments/state/promotion.ts'

/** What an attempt pays for, how much of it is charged, since a promotion may take something off, or nothing, and what goes back. */
export const chargedOrder = (attempt: Attempt, isPromoted: boolean) => {
  const { orderName, currency, amount } = attempt.request
  const total = chargedAmount(attempt)
  const discount = isPromoted ? amount.total - total : undefined
  return { orderName, amount: amountOf(total, currency), discount, refund: refundIn(attempt) }
}

const refundIn = ({ phase, cancellations }: Attempt): Refund | undefined => {
  const amountIn = (status: Cancellation['status']) =>
    sum(cancellations.filter((cancellation) => cancellation.status === status).map(refundOf))
  const [refunded, underWay, isWhole] = [amountIn('SUCCEEDED'), amountIn('REQUESTED'), phase === 'CANCELLED']
  return isWhole || refunded > 0 || underWay > 0 ? { refunded, underWay, isWhole } : undefined
}

export const amountOf = (total: number, currency: Currency) => ({ total, currency, digits: minorUnitDigits(currency) })
