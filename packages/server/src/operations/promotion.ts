import type { Handlers } from '../http/handler.ts'
import { read } from '../promotions/manage.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'promotions'>

export const promotionOperations = ({ access, promotions }: Parts): Pick<Handlers, 'getPromotion'> => ({
  getPromotion: forStore(access, ({ path, store }) => read(promotions, store, path.promotionId)),
})
