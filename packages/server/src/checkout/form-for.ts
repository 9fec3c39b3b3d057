import type { BrowserPayment, CheckoutForm } from '@naru/contract'
import type { Found } from './find.ts'
import { formOf, identityCarriers, storedMethodOf } from './form.ts'
import type { CheckoutParts } from './parts.ts'

/** What the page asks for in an attempt. */
export const formFor = ({ windowOf }: Pick<CheckoutParts, 'windowOf'>, { attempt, channel }: Found): CheckoutForm => {
  const form = (asked: BrowserPayment) => formOf(asked, channel.pgProvider, windowOf(channel))
  switch (attempt.kind) {
    case 'PAYMENT':
      return form(attempt.request)
    case 'ISSUE_BILLING_KEY': {
      const { card, easyPay, currency = 'KRW' } = attempt.request
      const payMethod = storedMethodOf(attempt.request, channel.pgProvider)
      const order = { orderName: '', paymentId: '', storeId: attempt.storeId, totalAmount: 1, currency }
      return withoutPoints(form({ ...order, payMethod, ...(card && { card }), ...(easyPay && { easyPay }) }))
    }
    case 'ISSUE_BILLING_KEY_AND_PAY': {
      const { billingKeyAndPayMethod: payMethod, ...order } = attempt.request
      return withoutPoints(form({ ...order, payMethod, card: { useInstallment: false } }))
    }
    case 'IDENTITY_VERIFICATION':
      return { method: 'IDENTITY', carriers: identityCarriers }
  }
}

const withoutPoints = (form: CheckoutForm): CheckoutForm =>
  form.method === 'CARD' ? { ...form, takesPoints: false } : form
