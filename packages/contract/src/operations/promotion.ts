import { access, operation } from '../operation.ts'
import { object, string } from '../schema.ts'
import { Promotion } from '../schemas/promotion/promotion.ts'

export const promotionPath = object('PromotionPath', 'Which promotion is meant.', {
  promotionId: string('The id of the promotion.'),
})

export const promotionOperations = {
  getPromotion: operation({
    category: 'payment.promotion',
    method: 'GET',
    path: '/promotions/{promotionId}',
    summary: 'Read a promotion',
    description: "Returns a promotion of the credential's own store, with what is left of its budget.",
    authenticated: true,
    pathParameters: promotionPath,
    success: Promotion,
    errors: [...access, 'PROMOTION_NOT_FOUND'],
  }),
}
