import type { CheckoutForm } from '@naru/contract'
import type { Found } from './find.ts'
import { formOf, identityCarriers } from './form.ts'

/** What the page asks for in an attempt. */
export const formFor = ({ attempt, channel: { pgProvider } }: Found): CheckoutForm => {
  switch (attempt.kind) {
    case 'PAYMENT':
      return formOf(attempt.request, pgProvider)
    case 'ISSUE_BILLING_KEY': {
      const { billingKeyMethod: payMethod = 'CARD', card, easyPay, currency = 'KRW' } = attempt.request
      const order = { orderName: '', paymentId: '', storeId: attempt.storeId, totalAmount: 1, currency }
      return formOf({ ...order, payMethod, ...(card && { card }), ...(easyPay && { easyPay }) }, pgProvider)
    }
    case 'ISSUE_BILLING_KEY_AND_PAY': {
      const { billingKeyAndPayMethod: payMethod, ...order } = attempt.request
      return formOf({ ...order, payMethod, card: { useInstallment: false } }, pgProvider)
    }
    case 'IDENTITY_VERIFICATION':
      return { method: 'IDENTITY', carriers: identityCarriers }
  }
}
