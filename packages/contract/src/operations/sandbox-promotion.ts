import { access, operation, storeQuery } from '../operation.ts'
import { Promotion } from '../schemas/promotion/promotion.ts'
import {
  CreateSandboxPromotionBody,
  EditSandboxPromotionBody,
  ListSandboxPromotionsResponse,
} from '../schemas/sandbox/promotion.ts'
import { SandboxStoreBody } from '../schemas/sandbox/sandbox.ts'
import { promotionPath } from './promotion.ts'
import { control } from './sandbox-parameters.ts'

const promotionIntervention = {
  ...control,
  method: 'POST',
  pathParameters: promotionPath,
  body: SandboxStoreBody,
  bodyIn: 'body',
  bodyRequired: false,
  success: Promotion,
  errors: [...access, 'PROMOTION_NOT_FOUND'],
} as const

/** Card companies' discounts, as PortOne's console makes and stops them. */
export const sandboxPromotionOperations = {
  createSandboxPromotion: operation({
    ...control,
    method: 'POST',
    path: '/sandbox/promotions',
    summary: 'Create a promotion',
    description: 'Creates a discount for the cards of one company, with a budget. Payments name it as `promotionId`.',
    body: CreateSandboxPromotionBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: Promotion,
    errors: access,
  }),
  listSandboxPromotions: operation({
    ...control,
    method: 'GET',
    path: '/sandbox/promotions',
    summary: 'List promotions',
    description: "All promotions of the store, with what is left of each one's budget.",
    queryParameters: storeQuery,
    success: ListSandboxPromotionsResponse,
    errors: access,
  }),
  editSandboxPromotion: operation({
    ...control,
    method: 'PATCH',
    path: '/sandbox/promotions/{promotionId}',
    summary: 'Edit a promotion',
    description:
      'Changes all terms of a promotion that is scheduled; name and period of one that has begun; name and end of one that is paused. Refuses one that has ended. Payments keep the discount they have.',
    pathParameters: promotionPath,
    body: EditSandboxPromotionBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: Promotion,
    errors: [...access, 'PROMOTION_NOT_FOUND'],
  }),
  pauseSandboxPromotion: operation({
    ...promotionIntervention,
    path: '/sandbox/promotions/{promotionId}/pause',
    summary: 'Pause a promotion',
    description: 'Payments get no discount of it until it is resumed. Refuses a promotion that has ended.',
  }),
  resumeSandboxPromotion: operation({
    ...promotionIntervention,
    path: '/sandbox/promotions/{promotionId}/resume',
    summary: 'Resume a promotion',
    description: 'Ends a pause; what it is then, time and budget say. Refuses a promotion that has ended.',
  }),
  terminateSandboxPromotion: operation({
    ...promotionIntervention,
    path: '/sandbox/promotions/{promotionId}/terminate',
    summary: 'Terminate a promotion',
    description: 'Ends it before its time, for good. Refuses a promotion that has ended by itself.',
  }),
}
