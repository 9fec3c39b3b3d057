import type { PaymentMethod } from '@naru/contract'

/**
 * Whether a payment by this method is one of cash by Korean tax law, so that a receipt can be issued for it. A card's slip
 * is deductible by itself, in a wallet too; the wallet's own balance and an account behind it are cash.
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
