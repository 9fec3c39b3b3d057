import type { BrowserIdentityVerification, SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { inquire } from '../identity-verifications/inquire.ts'
import { leave } from '../identity-verifications/rules.ts'
import { attemptOf } from '../identity-verifications/verification.ts'
import { storeTime } from '../kernel/clock.ts'
import type { Found } from './find.ts'
import { identityCarriers } from './form.ts'
import type { CheckoutParts } from './parts.ts'

/**
 * A person proves who they are to the operator, who is then asked about it: what the page says proves nothing. Twice at once:
 * the operator verifies once.
 */
export const submitIdentity = async (
  parts: CheckoutParts,
  { attempt, store, channel }: Found,
  asked: BrowserIdentityVerification,
  { identity, customer, outcome, otp }: SubmitCheckout,
): Promise<SubmitAnswer | undefined> => {
  const key = { store, id: attempt.subjectId }
  const loaded = await parts.verifications.process.load(key)
  const verification = attemptOf(loaded.state, attempt.transactionId)
  if (verification.phase !== 'READY') return undefined
  const operator = identityCarriers.find((carrier) => carrier === identity?.carrier)
  const birth = identity && birthOf(identity.birth)
  const phoneNumber = customer.phoneNumber?.replaceAll(/\D/g, '') ?? ''
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
  switch (identified.kind) {
    case 'challenged':
      return identified.isWrong ? { kind: 'invalid', problem: 'OTP' } : { kind: 'challenge' }
    case 'failed':
      await parts.verifications.process.apply(key, (state) => leave(state, attempt.transactionId, identified.failure))
      return undefined
    case 'identified':
      await inquire(parts.verifications, key, loaded, verification)
      return undefined
  }
}

/** The first seven digits of a resident registration number: the day of birth, the century, the gender, and whether a foreigner. */
const birthOf = (digits: string) => {
  const [, year, month, day, kind = ''] = /^(\d{2})(\d{2})(\d{2})(\d)$/.exec(digits) ?? []
  if (year === undefined || month === undefined || day === undefined) return undefined
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return undefined
  const century = '90'.includes(kind) ? '18' : '1256'.includes(kind) ? '19' : '20'
  return {
    birthYear: `${century}${year}`,
    birthMonth: month,
    birthDay: day,
    gender: Number(kind) % 2 === 1 ? ('MALE' as const) : ('FEMALE' as const),
    isForeigner: '5678'.includes(kind),
  }
}
