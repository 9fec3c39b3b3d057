import type { CheckoutKind, CheckoutView } from '@naru/contract'
import { english } from './texts/english.ts'
import { korean, type Texts } from './texts/korean.ts'
import { own } from './texts/own.ts'

export type { Texts } from './texts/korean.ts'

/** Everything that the page says, in one language. */
export const textsOf = (language: CheckoutView['language'], kind: CheckoutKind = 'PAYMENT'): Texts => {
  const usual = language === 'ko' ? korean : english
  const { errors, ...others } = own[kind]?.[language] ?? {}
  return { ...usual, ...others, errors: { ...usual.errors, ...errors } }
}
