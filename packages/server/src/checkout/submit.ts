import type { SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { type Found, findByKey } from './find.ts'
import { codesRefused, leaveAttempt } from './leave.ts'
import { isOver } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { countCode, maximumCodes } from './store.ts'
import { submitBillingKey } from './submit-billing-key.ts'
import { submitIdentity } from './submit-identity.ts'
import { submitPayment } from './submit-payment.ts'
import { viewOf } from './view.ts'

/**
 * The shopper agrees to what the page shows. Once an attempt is decided, or its time is over, a submission changes
 * nothing and says how things stand. Too many wrong codes end it.
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
  const tries = submission.otp === undefined ? 0 : await countCode(parts.sql, found.attempt)
  const answer = tries === undefined ? undefined : await submitKind(parts, found, submission)
  const isWrong = answer?.kind === 'invalid' && answer.problem === 'OTP'
  if (tries !== undefined && !(isWrong && tries >= maximumCodes)) return answer ?? (await settled())
  await leaveAttempt(parts, found, codesRefused)
  return await settled()
}

const submitKind = (
  parts: CheckoutParts,
  found: Found,
  submission: SubmitCheckout,
): Promise<SubmitAnswer | undefined> => {
  switch (found.attempt.kind) {
    case 'PAYMENT':
      return submitPayment(parts, found, found.attempt.request, submission)
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return submitBillingKey(parts, found, found.attempt.request, submission)
    case 'IDENTITY_VERIFICATION':
      return submitIdentity(parts, found, found.attempt.request, submission)
  }
}
