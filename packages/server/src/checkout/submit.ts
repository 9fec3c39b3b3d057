import type { SubmitAnswer, SubmitCheckout, SubmitProblem } from '@naru/contract'
import { type Instant, storeTime, toIso } from '../kernel/clock.ts'
import type { Approved } from './agree.ts'
import { keepConsents } from './attempts.ts'
import { refuseOtherCompany } from './card-company.ts'
import type { CodesRefused } from './challenge.ts'
import { mistyped } from './check.ts'
import { agreedConsents } from './consents.ts'
import { type Found, findByKey } from './find.ts'
import { formFor } from './form-for.ts'
import { languageOf } from './language.ts'
import { codesRefused, leaveAttempt } from './leave.ts'
import { endingOf } from './over.ts'
import type { CheckoutParts } from './parts.ts'
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
  if (await endingOf(parts, found)) return await settled()
  const answer = await submitKind(parts, found, submission)
  // What was just read and written need not be read again.
  if (answer?.kind === 'approved') return { kind: 'settled', view: await viewOf(parts, found, answer.attempt) }
  if (answer?.kind !== 'codes-refused') return answer ?? (await settled())
  await leaveAttempt(parts, found, codesRefused(found))
  return await settled()
}

const submitKind = async (
  parts: CheckoutParts,
  found: Found,
  submission: SubmitCheckout,
): Promise<SubmitAnswer | CodesRefused | Approved | undefined> => {
  const { channel, clock } = found
  // A PG with a window of its own asks for everything in that.
  if (parts.pgWindowOf(channel)) return undefined
  const now = storeTime(clock)
  const form = formFor(parts, found)
  const problem =
    mistyped(form, submission, now) ??
    refuseOtherCompany(parts.windowOf(channel), form, submission) ??
    (await keepAgreed(parts, found, submission, now))
  if (problem) return { kind: 'invalid', problem }
  switch (found.attempt.kind) {
    case 'PAYMENT':
      return submitPayment(parts, found, found.attempt.request, submission)
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return submitBillingKey(parts, found, found.attempt, submission)
    case 'IDENTITY_VERIFICATION':
      return submitIdentity(parts, found, found.attempt.request, submission)
  }
}

/** Keeps which consents the shopper gave, in which wording and when. Written before anybody is asked for money. */
const keepAgreed = async (
  parts: CheckoutParts,
  { attempt }: Found,
  submission: SubmitCheckout,
  now: Instant,
): Promise<SubmitProblem | undefined> => {
  const language = languageOf(attempt.request)
  const agreed = agreedConsents(attempt.kind, language, submission.consents)
  if (!agreed) return 'CONSENTS'
  await keepConsents(parts.sql, attempt, { agreedAt: toIso(now), language, consents: agreed })
  return undefined
}
