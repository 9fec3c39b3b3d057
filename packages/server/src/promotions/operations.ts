import type { CreateSandboxPromotionBody, EditSandboxPromotionBody } from '@naru/contract'
import type { Handlers } from '../http/handler.ts'
import { fromIso, type Instant, storeTime } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import { sandboxStore } from '../sandbox/operations.ts'
import type { PromotionEdit } from './edit.ts'
import { change, create, edit, list, type PromotionParts, read } from './process.ts'
import type { Intervention, PromotionTerms } from './promotion.ts'

type Parts = { readonly access: Access; readonly promotions: PromotionParts }

type BuiltHandler = Exclude<Handlers['pauseSandboxPromotion'], 'not-built'>

type PromotionOperationId = 'getPromotion' | Extract<keyof Handlers, `${string}SandboxPromotion${string}`>

/** Reading a promotion, as PortOne documents it, and what its console does beside, for sandbox stores. */
export const promotionOperations = (parts: Parts): Pick<Handlers, PromotionOperationId> => ({
  getPromotion: async ({ path, principal }) => {
    const store = await parts.access.resolveStore(principal, undefined)
    return store instanceof Refusal ? store : read(parts.promotions, store, path.promotionId)
  },

  createSandboxPromotion: async ({ body, principal }) => {
    const store = await sandboxStore(parts, principal, body.storeId)
    if (store instanceof Refusal) return store
    const { clock } = await parts.promotions.process.load({ store, id: '' })
    const terms = promotionTerms(body, storeTime(clock))
    return terms instanceof Refusal ? terms : create(parts.promotions, store, terms)
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

const notInstants = refuse('INVALID_REQUEST', 'startAt and endAt must be date-times such as 2026-01-31T00:00:00Z.')

/** The terms that a body asks for, with what it leaves out. */
export const promotionTerms = (
  body: Omit<CreateSandboxPromotionBody, 'storeId'>,
  now: Instant,
): PromotionTerms | Refusal<'INVALID_REQUEST'> => {
  const { name, discountPolicy, maxDiscountAmount, totalBudget, currency = 'KRW', cardCompany } = body
  const startAt = body.startAt === undefined ? now : fromIso(body.startAt)
  const endAt = fromIso(body.endAt)
  if (startAt === undefined || endAt === undefined) return notInstants
  const rule = { policy: discountPolicy, ...compact({ maxDiscountAmount }) }
  const { recoverOption = { type: 'RECOVER' } } = body
  return { name, rule, totalBudget, currency, startAt, endAt, cardCompany, recoverOption }
}

/** What a body asks to change. */
export const promotionEdit = (
  body: Omit<EditSandboxPromotionBody, 'storeId'>,
): PromotionEdit | Refusal<'INVALID_REQUEST'> => {
  const { name, discountPolicy, maxDiscountAmount, totalBudget, currency, cardCompany, recoverOption } = body
  const startAt = body.startAt === undefined ? undefined : fromIso(body.startAt)
  const endAt = body.endAt === undefined ? undefined : fromIso(body.endAt)
  if ((body.startAt !== undefined && startAt === undefined) || (body.endAt !== undefined && endAt === undefined))
    return notInstants
  const rule = { discountPolicy, maxDiscountAmount }
  return compact({ name, ...rule, totalBudget, currency, startAt, endAt, cardCompany, recoverOption })
}
