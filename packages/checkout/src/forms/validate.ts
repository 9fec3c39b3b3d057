import type { Trouble } from '../use-checkout.ts'
import { isExpiry } from './expiry.ts'
import { isBirthDate, isCardNumber } from './format.ts'
import type { Wrong } from './wrong.ts'

type Rule = { readonly trouble: Trouble; readonly fits: (typed: string) => boolean }

/** By the name of the field. Whether a card has expired only the server knows: its clock decides, not the shopper's. */
const rules: Readonly<Partial<Record<string, Rule>>> = {
  cardNumber: { trouble: 'CARD_NUMBER', fits: isCardNumber },
  expiry: { trouble: 'EXPIRY', fits: isExpiry },
  birth: { trouble: 'BIRTH', fits: (typed) => typed.length === 10 || (typed.length === 6 && isBirthDate(typed)) },
  password: { trouble: 'PASSWORD', fits: (typed) => typed.length === 2 },
  accountNumber: { trouble: 'ACCOUNT_NUMBER', fits: (typed) => typed.length >= 6 },
  receiptNumber: { trouble: 'RECEIPT_NUMBER', fits: (typed) => typed.length >= 8 },
  phoneNumber: { trouble: 'PHONE', fits: (typed) => /^\+?\d{8,15}$/.test(typed.replaceAll(/[\s-]/g, '')) },
  email: { trouble: 'EMAIL', fits: (typed) => /^[^\s@]+@[^\s@]+$/.test(typed) },
  birthSeven: { trouble: 'BIRTH_SEVEN', fits: (typed) => typed.length === 7 && isBirthDate(typed.slice(0, 6)) },
  certificateNumber: { trouble: 'CERTIFICATE_NUMBER', fits: (typed) => /^[0-9A-Za-z]{4,30}$/.test(typed) },
  otp: { trouble: 'OTP', fits: (typed) => /^\d{6}$/.test(typed) },
}

const isTyped = (field: HTMLInputElement | HTMLSelectElement): boolean =>
  field instanceof HTMLInputElement && field.type !== 'radio' && field.type !== 'checkbox'

/** What is missing or mistyped in a form, by the names of its fields. */
export const wrongIn = (form: HTMLFormElement): Wrong => {
  const data = new FormData(form)
  const wrong: Record<string, Trouble> = {}
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[name], select[name]')) {
    const { name } = field
    const value = String(data.get(name) ?? '').trim()
    const rule = rules[name]
    if (value === '') {
      if (field.required) wrong[name] = isTyped(field) ? 'REQUIRED' : 'CHOOSE'
    } else if (rule && !rule.fits(value)) wrong[name] = rule.trouble
  }
  return wrong
}
