import type { PaymentMethod } from '@naru/contract'

/**
 * Whether a payment by this method counts as cash under Korean tax law, so that a cash receipt can be issued for it. Card
 * slips are deductible themselves, in a wallet too. A wallet's balance and the bank account behind it count as cash.
 */
export const isCashLike = (method: PaymentMethod | undefined): boolean => {
  switch (method?.type) {
    case 'PaymentMethodVirtualAccount':
    case 'PaymentMethodTransfer':
      return true
    case 'PaymentMethodEasyPay':
      return method.easyPayMethod !== undefined && method.easyPayMethod.type !== 'PaymentMethodCard'
    default:
      return false
  }
}
