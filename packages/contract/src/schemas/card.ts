import { enumeration, object, optional, type Static, string } from '../schema.ts'

export const CardBrand = enumeration('CardBrand', '', ['LOCAL', 'MASTER', 'UNIONPAY', 'VISA', 'JCB', 'AMEX', 'DINERS'])
export type CardBrand = Static<typeof CardBrand>

export const CardType = enumeration('CardType', '', ['CREDIT', 'DEBIT', 'GIFT'])
export type CardType = Static<typeof CardType>

export const CardOwnerType = enumeration('CardOwnerType', '', ['PERSONAL', 'CORPORATE'])
export type CardOwnerType = Static<typeof CardOwnerType>

export const Card = object('Card', '', {
  publisher: optional(string()),
  issuer: optional(string()),
  brand: optional(CardBrand),
  type: optional(CardType),
  ownerType: optional(CardOwnerType),
  bin: optional(string()),
  name: optional(string()),
  number: optional(string()),
})
export type Card = Static<typeof Card>

export const CardCredential = object('CardCredential', '', {
  number: string(),
  expiryYear: string(),
  expiryMonth: string(),
  birthOrBusinessRegistrationNumber: optional(string()),
  passwordTwoDigits: optional(string()),
})
export type CardCredential = Static<typeof CardCredential>
