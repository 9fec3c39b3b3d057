import type { BillingKeyPaymentMethod, PaymentMethod, PaymentMethodEasyPay } from '@naru/contract'
import { compact } from '../kernel/compact.ts'

/** What a payment with a stored method shows before the PG said more; the contract has no payments by PayPal. */
export const paymentMethodOf = (stored: BillingKeyPaymentMethod): PaymentMethod | undefined => {
  switch (stored.type) {
    case 'BillingKeyPaymentMethodCard':
      return stored.card && { type: 'PaymentMethodCard', card: stored.card }
    case 'BillingKeyPaymentMethodTransfer': {
      const { bank, accountNumber } = stored
      return { type: 'PaymentMethodTransfer', ...compact({ bank, accountNumber }) }
    }
    case 'BillingKeyPaymentMethodEasyPay': {
      const { provider, method } = stored
      return { type: 'PaymentMethodEasyPay', ...compact({ provider, easyPayMethod: method && inWallet(method) }) }
    }
    case 'BillingKeyPaymentMethodMobile':
      return { type: 'PaymentMethodMobile', ...compact({ phoneNumber: stored.phoneNumber }) }
    case 'BillingKeyPaymentMethodPaypal':
      return undefined
  }
}

type InWallet = NonNullable<Extract<BillingKeyPaymentMethod, { type: 'BillingKeyPaymentMethodEasyPay' }>['method']>

const inWallet = (method: InWallet): PaymentMethodEasyPay['easyPayMethod'] => {
  switch (method.type) {
    case 'BillingKeyPaymentMethodCard':
      return { type: 'PaymentMethodCard', ...compact({ card: method.card }) }
    case 'BillingKeyPaymentMethodTransfer': {
      const { bank, accountNumber } = method
      return { type: 'PaymentMethodTransfer', ...compact({ bank, accountNumber }) }
    }
    case 'BillingKeyPaymentMethodEasyPayCharge':
      return { type: 'PaymentMethodEasyPayMethodCharge' }
  }
}
