import {
  amount,
  array,
  dateTime,
  discriminated,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { Currency } from '../common/currency.ts'

export const PromotionStatus = enumeration(
  'PromotionStatus',
  'How far a promotion has come. It applies only while `IN_PROGRESS`.',
  ['SCHEDULED', 'IN_PROGRESS', 'PAUSED', 'BUDGET_EXHAUSTED', 'TERMINATED', 'COMPLETED'],
)
export type PromotionStatus = Static<typeof PromotionStatus>

export const PromotionCardCompany = enumeration('PromotionCardCompany', 'A card company.', [
  'WOORI_CARD',
  'BC_CARD',
  'SAMSUNG_CARD',
  'SHINHAN_CARD',
  'HYUNDAI_CARD',
  'LOTTE_CARD',
  'NH_CARD',
  'HANA_CARD',
  'KOOKMIN_CARD',
])
export type PromotionCardCompany = Static<typeof PromotionCardCompany>

export const PromotionPercentDiscountScheme = object(
  'PromotionPercentDiscountScheme',
  'A percentage of the total is taken off.',
  {
    type: tag('PERCENT'),
    percent: integer('The percentage, a whole number.'),
  },
)
export type PromotionPercentDiscountScheme = Static<typeof PromotionPercentDiscountScheme>

export const PromotionAmountDiscountScheme = object('PromotionAmountDiscountScheme', 'A fixed amount is taken off.', {
  type: tag('AMOUNT'),
  amount: amount('What is taken off, in the minor unit of the currency.'),
})
export type PromotionAmountDiscountScheme = Static<typeof PromotionAmountDiscountScheme>

export const PromotionDiscountScheme = discriminated('PromotionDiscountScheme', 'What is taken off.', 'type', {
  PERCENT: PromotionPercentDiscountScheme,
  AMOUNT: PromotionAmountDiscountScheme,
})
export type PromotionDiscountScheme = Static<typeof PromotionDiscountScheme>

export const PromotionDiscountPartition = object(
  'PromotionDiscountPartition',
  'What is taken off from a certain total on.',
  {
    amountFrom: amount('The smallest total to which this applies, in the minor unit of the currency.'),
    scheme: PromotionDiscountScheme,
  },
)
export type PromotionDiscountPartition = Static<typeof PromotionDiscountPartition>

export const PromotionDiscountPolicy = object('PromotionDiscountPolicy', 'What is taken off.', {
  partitions: array(
    PromotionDiscountPartition,
    'What is taken off, by the total of the order. The one with the largest `amountFrom` that the total reaches applies; below all of them nothing is taken off.',
  ),
})
export type PromotionDiscountPolicy = Static<typeof PromotionDiscountPolicy>

export const PromotionRecoverOptionRecover = object('PromotionRecoverOptionRecover', 'It goes back.', {
  type: tag('RECOVER'),
})
export type PromotionRecoverOptionRecover = Static<typeof PromotionRecoverOptionRecover>

export const PromotionSpareBudgetAmount = object('PromotionSpareBudgetAmount', 'A fixed amount on top.', {
  type: tag('AMOUNT'),
  amount: amount('How much more than the budget, in the minor unit of the currency.'),
})
export type PromotionSpareBudgetAmount = Static<typeof PromotionSpareBudgetAmount>

export const PromotionSpareBudgetPercent = object('PromotionSpareBudgetPercent', 'A percentage of the budget on top.', {
  type: tag('PERCENT'),
  percent: integer('The percentage, a whole number.'),
})
export type PromotionSpareBudgetPercent = Static<typeof PromotionSpareBudgetPercent>

export const PromotionSpareBudget = discriminated(
  'PromotionSpareBudget',
  'Budget on top, in view of cancellations.',
  'type',
  {
    AMOUNT: PromotionSpareBudgetAmount,
    PERCENT: PromotionSpareBudgetPercent,
  },
)
export type PromotionSpareBudget = Static<typeof PromotionSpareBudget>

export const PromotionRecoverOptionNoRecover = object('PromotionRecoverOptionNoRecover', 'It is spent.', {
  type: tag('NO_RECOVER'),
  spareBudget: optional(PromotionSpareBudget),
})
export type PromotionRecoverOptionNoRecover = Static<typeof PromotionRecoverOptionNoRecover>

export const PromotionRecoverOption = discriminated(
  'PromotionRecoverOption',
  'Whether the discount of a cancelled payment goes back to the budget.',
  'type',
  {
    RECOVER: PromotionRecoverOptionRecover,
    NO_RECOVER: PromotionRecoverOptionNoRecover,
  },
)
export type PromotionRecoverOption = Static<typeof PromotionRecoverOption>

export const CardPromotion = object('CardPromotion', 'A discount for the cards of one company.', {
  type: tag('CARD'),
  id: string("The promotion's id."),
  storeId: string('The store of the promotion.'),
  name: string("The promotion's name."),
  discountPolicy: PromotionDiscountPolicy,
  totalBudget: amount('How much the promotion may take off in all, in the minor unit of the currency.'),
  maxDiscountAmount: optional(
    amount('How much it may take off one payment, in the minor unit of the currency. Only for percentages.'),
  ),
  spentAmount: amount('How much of the budget is spent or reserved, in the minor unit of the currency.'),
  currency: Currency,
  startAt: dateTime('When the promotion begins.'),
  endAt: dateTime('When the promotion ends.'),
  terminatedAt: optional(dateTime('When the promotion was stopped by hand.')),
  cardCompany: PromotionCardCompany,
  status: PromotionStatus,
  createdAt: dateTime('When the promotion was created.'),
  recoverOption: PromotionRecoverOption,
})
export type CardPromotion = Static<typeof CardPromotion>

export const Promotion = discriminated('Promotion', 'A promotion of the merchant.', 'type', {
  CARD: CardPromotion,
})
export type Promotion = Static<typeof Promotion>
