import type { Handlers } from '../http/handler.ts'
import { storeTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { promotionEdit, promotionTerms } from '../promotions/input.ts'
import { change, create, edit, list } from '../promotions/manage.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'promotions'>

type SandboxPromotionOperationId = Extract<keyof Handlers, `${string}SandboxPromotion${string}`>

/** What PortOne's console does to promotions. */
export const sandboxPromotionOperations = ({
  access,
  promotions,
}: Parts): Pick<Handlers, SandboxPromotionOperationId> => ({
  createSandboxPromotion: forSandboxStore(access, async ({ body, caller, store }) => {
    const { clock } = await promotions.process.load({ store, id: '' })
    const terms = promotionTerms(body, storeTime(clock))
    return terms instanceof Refusal ? terms : create(promotions, store, terms, caller.requestKey)
  }),

  listSandboxPromotions: forSandboxStore(access, async ({ store }) => ({ items: await list(promotions, store) })),

  editSandboxPromotion: forSandboxStore(access, async ({ path, body, store }) => {
    const wanted = promotionEdit(body)
    return wanted instanceof Refusal ? wanted : edit(promotions, store, path.promotionId, wanted)
  }),

  pauseSandboxPromotion: forSandboxStore(access, ({ path, store }) =>
    change(promotions, store, path.promotionId, 'pause'),
  ),

  resumeSandboxPromotion: forSandboxStore(access, ({ path, store }) =>
    change(promotions, store, path.promotionId, 'resume'),
  ),

  terminateSandboxPromotion: forSandboxStore(access, ({ path, store }) =>
    change(promotions, store, path.promotionId, 'terminate'),
  ),
})
