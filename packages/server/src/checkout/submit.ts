import type { SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { type Found, findByKey } from './find.ts'
import { isOver } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { submitBillingKey } from './submit-billing-key.ts'
import { submitIdentity } from './submit-identity.ts'
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
  const { storeId, transactionId } = found.attempt
  const settled = async (): Promise<SubmitAnswer> => {
    const current = (await findByKey(parts, storeId, transactionId)) ?? found
    return { kind: 'settled', view: await viewOf(parts, current) }
  }
  if (await isOver(parts, found.attempt)) return await settled()
  switch (found.attempt.kind) {
    case 'PAYMENT':
      return (await submitPayment(parts, found, found.attempt.request, submission)) ?? (await settled())
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return (await submitBillingKey(parts, found, found.attempt.request, submission)) ?? (await settled())
    case 'IDENTITY_VERIFICATION':
      return (await submitIdentity(parts, found, found.attempt.request, submission)) ?? (await settled())
  }
}
