import type { Handlers } from '../http/handler.ts'
import { storeTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import { promotionEdit, promotionTerms } from '../promotions/input.ts'
import { change, create, edit, list, type PromotionParts, read } from '../promotions/module.ts'
import type { Intervention } from '../promotions/promotion.ts'
import { sandboxStore } from './sandbox.ts'

type Parts = { readonly access: Access; readonly promotions: PromotionParts }

type BuiltHandler = Exclude<Handlers['pauseSandboxPromotion'], 'not-built'>

type PromotionOperationId = 'getPromotion' | Extract<keyof Handlers, `${string}SandboxPromotion${string}`>

/** Reading a promotion, as PortOne documents it, and what its console does beside, for sandbox stores. */
export const promotionOperations = (parts: Parts): Pick<Handlers, PromotionOperationId> => ({
  getPromotion: async ({ path, principal }) => {
    const store = await parts.access.resolveStore(principal, undefined)
    return store instanceof Refusal ? store : read(parts.promotions, store, path.promotionId)
  },

  createSandboxPromotion: async ({ body, principal, caller }) => {
    const store = await sandboxStore(parts, principal, body.storeId)
    if (store instanceof Refusal) return store
    const { clock } = await parts.promotions.process.load({ store, id: '' })
    const terms = promotionTerms(body, storeTime(clock))
    return terms instanceof Refusal ? terms : create(parts.promotions, store, terms, caller.requestKey)
  },

  listSandboxPromotions: async ({ query, principal }) => {
    const store = await sandboxStore(parts, principal, query.storeId)
    return store instanceof Refusal ? store : { items: await list(parts.promotions, store) }
  },

  editSandboxPromotion: async ({ path, body, principal }) => {
    const store = await sandboxStore(parts, principal, body.storeId)
    if (store instanceof Refusal) return store
    const wanted = promotionEdit(body)
    return wanted instanceof Refusal ? wanted : edit(parts.promotions, store, path.promotionId, wanted)
  },

  pauseSandboxPromotion: intervention(parts, 'pause'),
  resumeSandboxPromotion: intervention(parts, 'resume'),
  terminateSandboxPromotion: intervention(parts, 'terminate'),
})

const intervention =
  (parts: Parts, does: Intervention): BuiltHandler =>
  async ({ path, body, principal }) => {
    const store = await sandboxStore(parts, principal, body?.storeId)
    return store instanceof Refusal ? store : change(parts.promotions, store, path.promotionId, does)
  }
