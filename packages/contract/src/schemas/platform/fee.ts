import { amount, discriminated, enumeration, object, optional, type Static, tag } from '../../schema.ts'
import { rate } from './rate.ts'

export const PlatformPayer = enumeration('PlatformPayer', 'Who bears the VAT on a fee.', ['PARTNER', 'MERCHANT'])
export type PlatformPayer = Static<typeof PlatformPayer>

export const PlatformFixedAmountFee = object('PlatformFixedAmountFee', 'A fee that is the same for every order.', {
  type: tag('FIXED_AMOUNT'),
  amount: amount('The fee in KRW.'),
})
export type PlatformFixedAmountFee = Static<typeof PlatformFixedAmountFee>

export const PlatformFixedRateFee = object('PlatformFixedRateFee', 'A fee that is a share of the order amount.', {
  type: tag('FIXED_RATE'),
  rate: rate('The share of the order amount.'),
})
export type PlatformFixedRateFee = Static<typeof PlatformFixedRateFee>

export const PlatformFee = discriminated('PlatformFee', 'What the merchant charges the partner for an order.', 'type', {
  FIXED_AMOUNT: PlatformFixedAmountFee,
  FIXED_RATE: PlatformFixedRateFee,
})
export type PlatformFee = Static<typeof PlatformFee>

export const PlatformFeeInput = object('PlatformFeeInput', 'A fee: either a rate or an amount, not both.', {
  fixedRate: optional(rate('The share of the order amount.')),
  fixedAmount: optional(amount('A fixed fee in KRW.', { minimum: 0 })),
})
export type PlatformFeeInput = Static<typeof PlatformFeeInput>
