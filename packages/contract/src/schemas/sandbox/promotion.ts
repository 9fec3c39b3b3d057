import { amount, array, dateTime, described, object, optional, type Static, string } from '../../schema.ts'
import { Currency } from '../common/currency.ts'
import {
  Promotion,
  PromotionCardCompany,
  PromotionDiscountPolicy,
  PromotionRecoverOption,
} from '../promotion/promotion.ts'

const storeId = optional(string("The store. Defaults to the credential's own store."))

export const CreateSandboxPromotionBody = object('CreateSandboxPromotionBody', 'The promotion to create.', {
  storeId,
  name: string("The promotion's name."),
  discountPolicy: PromotionDiscountPolicy,
  maxDiscountAmount: optional(amount('How much it may take off one payment. Only for percentages.')),
  totalBudget: amount('How much the promotion may take off in all.'),
  currency: optional(described(Currency, 'Defaults to `KRW`.')),
  startAt: optional(dateTime("When it begins. Defaults to now, by the store's clock.")),
  endAt: dateTime('When it ends.'),
  cardCompany: PromotionCardCompany,
  recoverOption: optional(
    described(PromotionRecoverOption, 'What becomes of the discount of a cancelled payment. Defaults to `RECOVER`.'),
  ),
})
export type CreateSandboxPromotionBody = Static<typeof CreateSandboxPromotionBody>

export const EditSandboxPromotionBody = object(
  'EditSandboxPromotionBody',
  'What to change of a promotion; what is left out stays as it is.',
  {
    storeId,
    name: optional(string("The promotion's name.")),
    discountPolicy: optional(
      described(PromotionDiscountPolicy, 'Takes the place of the whole policy, `maxDiscountAmount` included.'),
    ),
    maxDiscountAmount: optional(
      amount(
        'How much it may take off one payment. Only for percentages. A new `discountPolicy` without it has no such limit.',
      ),
    ),
    totalBudget: optional(
      amount('How much the promotion may take off in all. Not less than what payments have of it already.'),
    ),
    currency: optional(
      described(Currency, 'The currency of its amounts. Stays once the promotion has begun, even if it begins again.'),
    ),
    startAt: optional(dateTime('When it begins. Not while it is paused.')),
    endAt: optional(dateTime('When it ends; must be in the future.')),
    cardCompany: optional(PromotionCardCompany),
    recoverOption: optional(
      described(PromotionRecoverOption, 'What becomes of the discount of a cancelled payment made from now on.'),
    ),
  },
)
export type EditSandboxPromotionBody = Static<typeof EditSandboxPromotionBody>

export const ListSandboxPromotionsResponse = object('ListSandboxPromotionsResponse', "A store's promotions.", {
  items: array(Promotion, 'Newest first.'),
})
export type ListSandboxPromotionsResponse = Static<typeof ListSandboxPromotionsResponse>
