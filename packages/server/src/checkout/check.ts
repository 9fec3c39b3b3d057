import { type CheckoutForm, isBlank, type SubmitCheckout, type SubmitProblem } from '@naru/contract'
import type { Instant } from '../kernel/clock.ts'
import { dayOf } from '../kernel/days.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'

/**
 * The first thing that the shopper has mistyped, which the page shows at its field. The PG would refuse it too, and the attempt
 * would be spent.
 */
export const mistyped = (form: CheckoutForm, submission: SubmitCheckout, now: Instant): SubmitProblem | undefined => {
  if (submission.otp !== undefined && !/^\d{6}$/.test(submission.otp)) return 'OTP'
  return mistypedMethod(form, submission, now) ?? mistypedContact(submission)
}

const mistypedMethod = (
  form: CheckoutForm,
  { card, account, mobile, identity, giftCertificate, customer }: SubmitCheckout,
  now: Instant,
): SubmitProblem | undefined => {
  switch (form.method) {
    case 'CARD':
      return card && mistypedCard(card, now)
    case 'VIRTUAL_ACCOUNT':
    case 'TRANSFER':
      return account?.number === undefined || /^\d(-?\d){5,29}$/.test(account.number) ? undefined : 'ACCOUNT_NUMBER'
    case 'MOBILE':
      return mobile && mistypedPerson(mobile.birth, customer.phoneNumber)
    case 'IDENTITY': {
      if (customer.name === undefined || isBlank(customer.name)) return 'NAME'
      return identity && mistypedPerson(identity.birth, customer.phoneNumber)
    }
    case 'GIFT_CERTIFICATE': {
      const { number } = giftCertificate ?? {}
      return number === undefined || /^[0-9A-Za-z]{4,30}$/.test(number) ? undefined : 'CERTIFICATE_NUMBER'
    }
    case 'EASY_PAY':
    case 'CONVENIENCE_STORE':
    case 'CRYPTO':
      return undefined
  }
}

const mistypedCard = (card: NonNullable<SubmitCheckout['card']>, now: Instant): SubmitProblem | undefined => {
  const { number, expiryYear, expiryMonth, birth, password } = card
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) return 'CARD_NUMBER'
  if (!/^\d{2}$/.test(expiryYear) || !/^(0[1-9]|1[0-2])$/.test(expiryMonth)) return 'EXPIRY'
  // A card can be used until its month is over, where its issuer is.
  if (`20${expiryYear}-${expiryMonth}` < dayOf(now).slice(0, 7)) return 'EXPIRED'
  if (birth !== undefined && !/^\d{10}$/.test(birth) && !isBirthDate(birth)) return 'BIRTH'
  return password === undefined || /^\d{2}$/.test(password) ? undefined : 'PASSWORD'
}

/** Seven digits: the date, and the first of a resident registration number's second half, from which the century follows. */
const mistypedPerson = (birth: string, phoneNumber = ''): SubmitProblem | undefined => {
  if (!/^\d{7}$/.test(birth) || !isBirthDate(birth.slice(0, 6))) return 'BIRTH_SEVEN'
  return mobileNumber(phoneNumber) ? undefined : 'PHONE'
}

const mistypedContact = ({ customer: { phoneNumber, email }, receipt }: SubmitCheckout): SubmitProblem | undefined => {
  if (phoneNumber !== undefined && !/^\+?\d{8,15}$/.test(phoneNumber.replaceAll(/[\s-]/g, ''))) return 'PHONE'
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) return 'EMAIL'
  return receipt === undefined || /^\d{8,20}$/.test(receipt.number) ? undefined : 'RECEIPT_NUMBER'
}

/** YYMMDD; the century is not known, so the 29th of February always is one. */
const isBirthDate = (digits: string): boolean => {
  const [, month = 0, day = 0] = /^\d{2}(\d{2})(\d{2})$/.exec(digits)?.map(Number) ?? []
  return month >= 1 && month <= 12 && day >= 1 && day <= (daysIn[month - 1] ?? 0)
}

const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether a card number can be one: its last digit checks the others (ISO/IEC 7812). */
export const passesLuhn = (number: string): boolean => {
  let sum = 0
  for (const [place, character] of [...number].toReversed().entries()) {
    const doubled = Number(character) * (place % 2 === 0 ? 1 : 2)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
