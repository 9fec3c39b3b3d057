import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Trouble } from '../use-checkout.ts'

/** What is wrong in which field, by the field's name. */
export type Wrong = Readonly<Partial<Record<string, Trouble>>>

const Context = createContext<{ readonly wrong: Wrong; readonly textOf: (trouble: Trouble) => string }>({
  wrong: {},
  textOf: String,
})

export const WrongFields = Context.Provider

/** What a field says that has to be mended. */
export const useWrong = (name: string): string | undefined => {
  const { wrong, textOf } = useContext(Context)
  const trouble = wrong[name]
  return trouble && textOf(trouble)
}

/** Where each trouble is; what is about no field is told by the button. */
export const fieldOf = (trouble: Trouble): string | undefined => {
  switch (trouble) {
    case 'CARD_NUMBER':
    case 'CARD_COMPANY':
      return 'cardNumber'
    case 'EXPIRY':
    case 'EXPIRED':
      return 'expiry'
    case 'BIRTH':
      return 'birth'
    case 'PASSWORD':
      return 'password'
    case 'ACCOUNT_NUMBER':
      return 'accountNumber'
    case 'RECEIPT_NUMBER':
      return 'receiptNumber'
    case 'NAME':
      return 'name'
    case 'PHONE':
      return 'phoneNumber'
    case 'EMAIL':
      return 'email'
    case 'BIRTH_SEVEN':
      return 'birthSeven'
    case 'CERTIFICATE_NUMBER':
      return 'certificateNumber'
    case 'OTP':
    case 'OTP_EXPIRED':
    case 'OTP_SENT_ANEW':
      return 'otp'
    case 'CONSENTS':
    case 'METHOD':
    case 'REQUIRED':
    case 'CHOOSE':
    case 'OFFLINE':
    case 'NOT_SENT':
    case 'FAILED':
      return undefined
  }
}
