import type { BrowserIdentityVerification, SubmitAnswer, SubmitCheckout } from '@naru/contract'
import type { IdentifyOutcome } from '../gateways/port/window.ts'
import { inquire } from '../identity-verifications/inquire.ts'
import { leave } from '../identity-verifications/rules.ts'
import { attemptOf } from '../identity-verifications/verification.ts'
import { storeTime } from '../kernel/clock.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { residentBirth } from '../kernel/resident-birth.ts'
import { type CodesRefused, challengeOf } from './challenge.ts'
import type { Found } from './find.ts'
import { identityCarriers } from './form.ts'
import type { CheckoutParts } from './parts.ts'

/**
 * A person proves who they are to the operator, who is then asked about it: what the page says proves nothing. Twice at once:
 * the operator verifies once.
 */
export const submitIdentity = async (
  parts: CheckoutParts,
  found: Found,
  asked: BrowserIdentityVerification,
  { identity, customer, outcome, otp }: SubmitCheckout,
): Promise<SubmitAnswer | CodesRefused | undefined> => {
  const { attempt, store, channel } = found
  const key = { store, id: attempt.subjectId }
  const loaded = await parts.verifications.process.load(key)
  const verification = attemptOf(loaded.state, attempt.transactionId)
  if (verification.phase !== 'READY') return undefined
  const operator = identityCarriers.find((carrier) => carrier === identity?.carrier)
  const birth = identity && residentBirth(identity.birth)
  const phoneNumber = mobileNumber(customer.phoneNumber ?? '') ?? ''
  const name = customer.name?.trim() ?? ''
  if (!operator || !birth) return { kind: 'invalid', problem: 'METHOD' }
  const { gender, isForeigner, ...day } = birth
  const person = { id: verification.customer.id, name, phoneNumber, ...day }
  const identified = await parts.windowOf(channel).identify(
    { storeId: store.storeId, channel, reference: attempt.transactionId },
    {
      person: { method: 'WINDOW', operator, customer: person, gender, isForeigner },
      testCode: outcome ?? asked.bypass?.sandbox?.testCode,
      otp,
      now: storeTime(loaded.clock),
    },
  )
  if (identified.kind === 'challenged') return challengeOf(identified)
  await settleIdentity(parts, found, identified)
  return undefined
}

/** Who proved who they are the operator is asked about; who was refused, or left, is not verified by this attempt any more. */
export const settleIdentity = async (
  parts: CheckoutParts,
  { attempt, store }: Found,
  outcome: Exclude<IdentifyOutcome, { kind: 'challenged' }>,
): Promise<void> => {
  const key = { store, id: attempt.subjectId }
  if (outcome.kind === 'failed') {
    await parts.verifications.process.apply(key, (state) => leave(state, attempt.transactionId, outcome.failure))
    return
  }
  const loaded = await parts.verifications.process.load(key)
  await inquire(parts.verifications, key, loaded, attemptOf(loaded.state, attempt.transactionId))
}
