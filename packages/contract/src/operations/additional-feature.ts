import { operation } from '../operation.ts'
import { amount, described, object, optional, string } from '../schema.ts'
import { GetPgCardPromotionsResponse, PgPromotionCardCompany } from '../schemas/payment/pg-card-promotion.ts'

const promotionsQuery = object('PgCardPromotionsQuery', 'For which payment promotions are sought.', {
  channelKey: string('The channel to pay through.'),
  amount: amount('The amount to pay, in the minor unit of the currency.'),
  cardCompany: optional(described(PgPromotionCardCompany, 'Only promotions of this card company.')),
})

export const additionalFeatureOperations = {
  getPgCardPromotions: operation({
    category: 'payment.additionalFeature',
    method: 'GET',
    path: '/payment-gateways/card-promotion',
    summary: "List a payment gateway's own card promotions",
    description:
      "Asks the channel's payment gateway which of its own card promotions apply to an amount. Refuses a channel whose gateway has no such question.",
    authenticated: true,
    queryParameters: promotionsQuery,
    success: GetPgCardPromotionsResponse,
    errors: ['INVALID_REQUEST', 'UNAUTHORIZED', 'CHANNEL_NOT_FOUND', 'PG_PROVIDER'],
  }),
}
