import type { Currency } from '@naru/contract'
import { minorUnitDigits } from '../kernel/currency.ts'
import type { Attempt } from '../payments/state/payment.ts'
import { chargedAmount } from '../payments/state/promotion.ts'

/** What an attempt pays for, and how much of it is charged: a promotion may take something off, or nothing. */
export const chargedOrder = (attempt: Attempt, isPromoted: boolean) => {
  const { orderName, currency, amount } = attempt.request
  const total = chargedAmount(attempt)
  const discount = isPromoted ? amount.total - total : undefined
  return { orderName, amount: amountOf(total, currency), discount }
}

export const amountOf = (total: number, currency: Currency) => ({ total, currency, digits: minorUnitDigits(currency) })
