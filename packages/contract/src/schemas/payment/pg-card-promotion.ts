import { amount, array, enumeration, object, optional, type Static, string } from '../../schema.ts'

/** Card companies as PortOne names them, for each schema that lists them under a name of its own. */
export const cardCompanies = [
  'KOREA_DEVELOPMENT_BANK',
  'KFCC',
  'SHINHYUP',
  'EPOST',
  'SAVINGS_BANK_KOREA',
  'KAKAO_BANK',
  'WOORI_CARD',
  'BC_CARD',
  'GWANGJU_CARD',
  'SAMSUNG_CARD',
  'SHINHAN_CARD',
  'HYUNDAI_CARD',
  'LOTTE_CARD',
  'SUHYUP_CARD',
  'CITI_CARD',
  'NH_CARD',
  'JEONBUK_CARD',
  'JEJU_CARD',
  'HANA_CARD',
  'KOOKMIN_CARD',
  'K_BANK',
  'TOSS_BANK',
  'MIRAE_ASSET_SECURITIES',
] as const

export const PgPromotionCardCompany = enumeration(
  'PgPromotionCardCompany',
  "A card company, in promotions of a payment gateway's own.",
  cardCompanies,
)
export type PgPromotionCardCompany = Static<typeof PgPromotionCardCompany>

export const PgCardPromotion = object('PgCardPromotion', "A promotion of the payment gateway's own.", {
  promotionId: string("The payment gateway's own id of the promotion."),
  cardCompany: PgPromotionCardCompany,
  discountAmount: amount('What is taken off, in the minor unit of the currency.'),
  minimumPaymentAmount: amount('The smallest payment to which it applies, in the minor unit of the currency.'),
})
export type PgCardPromotion = Static<typeof PgCardPromotion>

export const GetPgCardPromotionsResponse = object(
  'GetPgCardPromotionsResponse',
  "The payment gateway's own card promotions.",
  {
    promotions: optional(array(PgCardPromotion, 'The promotions that apply.')),
  },
)
export type GetPgCardPromotionsResponse = Static<typeof GetPgCardPromotionsResponse>
