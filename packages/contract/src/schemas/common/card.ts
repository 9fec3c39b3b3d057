import { enumeration, object, optional, type Static, string } from '../../schema.ts'

export const CardBrand = enumeration('CardBrand', 'A card network.', [
  'LOCAL',
  'MASTER',
  'UNIONPAY',
  'VISA',
  'JCB',
  'AMEX',
  'DINERS',
])
export type CardBrand = Static<typeof CardBrand>

export const CardType = enumeration('CardType', 'How a card pays.', ['CREDIT', 'DEBIT', 'GIFT'])
export type CardType = Static<typeof CardType>

export const CardOwnerType = enumeration('CardOwnerType', "Whether a card is a person's or a company's.", [
  'PERSONAL',
  'CORPORATE',
])
export type CardOwnerType = Static<typeof CardOwnerType>

export const Card = object('Card', 'A card, as far as the payment gateway tells. Never the whole number.', {
  publisher: optional(string('The code of the company the card was brought out by.')),
  issuer: optional(string("The issuing company's code.")),
  brand: optional(CardBrand),
  type: optional(CardType),
  ownerType: optional(CardOwnerType),
  bin: optional(string('The first six or eight digits of the card number.')),
  name: optional(string("The card product's name.")),
  number: optional(string('The card number, masked.')),
})
export type Card = Static<typeof Card>

export const CardCredential = object('CardCredential', 'A card as the buyer entered it.', {
  number: string('The whole card number, digits only. Never stored, logged or returned.'),
  expiryYear: string('The last two digits of the year.'),
  expiryMonth: string('The month, two digits.'),
  birthOrBusinessRegistrationNumber: optional(
    string("The holder's birthday as yyMMdd or, for a company's card, its business registration number of ten digits."),
  ),
  passwordTwoDigits: optional(string("The first two digits of the card's password.")),
})
export type CardCredential = Static<typeof CardCredential>
