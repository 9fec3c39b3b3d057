import type { SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { storeTime } from '../kernel/clock.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './module.ts'
import { submitPayment } from './submit-payment.ts'
import { viewOf } from './view.ts'

/**
 * The shopper agrees to what the page shows. Once an attempt is decided, or its time is over, a submission changes
 * nothing and says how things stand.
 */
export const submitCheckout = async (
  parts: CheckoutParts,
  found: Found,
  submission: SubmitCheckout,
): Promise<SubmitAnswer> => {
  const settled = async (): Promise<SubmitAnswer> => ({ kind: 'settled', view: await viewOf(parts, found) })
  const now = storeTime(await parts.clockOf(found.store.storeId))
  if (now > found.attempt.expiresAt) return await settled()
  switch (found.attempt.kind) {
    case 'PAYMENT':
      return (await submitPayment(parts, found, found.attempt.request, submission)) ?? (await settled())
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
    case 'IDENTITY_VERIFICATION':
      return await settled()
  }
}
