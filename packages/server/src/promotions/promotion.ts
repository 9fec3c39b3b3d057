import {
  type Currency,
  isBlank,
  type PromotionCardCompany,
  type PromotionRecoverOption,
  type PromotionStatus,
} from '@naru/contract'
import { type Instant, toIso } from '../kernel/clock.ts'
import { type Amount, ratioRoundedDown } from '../kernel/money.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { type DiscountRule, ruleProblem } from './arithmetic.ts'

/** A discount that a store grants with a card company. How much of its budget is spent is stored apart (budget.ts). */
export type Promotion = {
  readonly storeId: string
  readonly promotionId: string
  /** Absent: there is no such promotion. */
  readonly terms?: PromotionTerms | undefined
  readonly createdAt?: Instant | undefined
  readonly isPaused: boolean
  /** It had begun when it was last edited: payments may have some of its budget, although it begins later now. */
  readonly hadBegun?: true
  readonly terminatedAt?: Instant | undefined
}

export type PromotionTerms = {
  readonly name: string
  readonly rule: DiscountRule
  readonly totalBudget: Amount
  readonly currency: Currency
  readonly startAt: Instant
  readonly endAt: Instant
  readonly cardCompany: PromotionCardCompany
  readonly recoverOption: PromotionRecoverOption
}

export type PromotionEvent =
  | { readonly type: 'PromotionCreated'; readonly terms: PromotionTerms }
  | { readonly type: 'PromotionEdited'; readonly terms: PromotionTerms }
  | { readonly type: 'PromotionPaused' }
  | { readonly type: 'PromotionResumed' }
  | { readonly type: 'PromotionTerminated' }

export const noPromotion = (storeId: string, promotionId: string): Promotion => ({
  storeId,
  promotionId,
  isPaused: false,
})

export const evolvePromotion = (promotion: Promotion, event: PromotionEvent, at: Instant): Promotion => {
  switch (event.type) {
    case 'PromotionCreated':
      return { ...promotion, terms: event.terms, createdAt: at }
    case 'PromotionEdited':
      return { ...promotion, terms: event.terms, ...(hasBegun(promotion, at) ? { hadBegun: true } : {}) }
    case 'PromotionPaused':
      return { ...promotion, isPaused: true }
    case 'PromotionResumed':
      return { ...promotion, isPaused: false }
    case 'PromotionTerminated':
      return { ...promotion, terminatedAt: at }
  }
}

/** Whether payments may already have a discount from it. */
export const hasBegun = ({ terms, hadBegun }: Promotion, now: Instant): boolean =>
  hadBegun === true || (terms !== undefined && now >= terms.startAt)

/**
 * How much may be spent in total. A promotion that recovers nothing from cancellations may have a spare budget for them.
 * Adding it to the budget is our choice: PortOne does not document how it is used.
 */
export const effectiveBudget = ({ totalBudget, recoverOption }: PromotionTerms): Amount => {
  if (recoverOption.type === 'RECOVER' || recoverOption.spareBudget === undefined) return totalBudget
  const { spareBudget } = recoverOption
  switch (spareBudget.type) {
    case 'AMOUNT':
      return totalBudget + spareBudget.amount
    case 'PERCENT':
      return ratioRoundedDown(totalBudget, 100 + spareBudget.percent, 100)
  }
}

/** Derived from the time and the budget whenever it is read, so that no timer can be late. */
export const promotionStatus = (
  { isPaused, terminatedAt }: Promotion,
  terms: PromotionTerms,
  spent: Amount,
  now: Instant,
): PromotionStatus => {
  if (terminatedAt !== undefined) return 'TERMINATED'
  if (now >= terms.endAt) return 'COMPLETED'
  if (isPaused) return 'PAUSED'
  if (now < terms.startAt) return 'SCHEDULED'
  return spent >= effectiveBudget(terms) ? 'BUDGET_EXHAUSTED' : 'IN_PROGRESS'
}

type Invalid = Refusal<'INVALID_REQUEST'>

export const createPromotion = (
  { terms: known }: Promotion,
  terms: PromotionTerms,
  now: Instant,
): readonly PromotionEvent[] | Invalid => {
  if (known) return []
  const problem = termsProblem(terms, now)
  return problem === undefined ? [{ type: 'PromotionCreated', terms }] : refuse('INVALID_REQUEST', problem)
}

/** In characters: longer than anybody reads, short enough to keep lists fast. */
const longestName = 200
/** Low enough that every budget with its spare stays an exact number. */
const largestPercent = 1_000

/** The first problem of terms that are to hold from `now` on, as a sentence; `undefined` if they are valid. */
export const termsProblem = (terms: PromotionTerms, now: Instant): string | undefined => {
  const { name, totalBudget, startAt, endAt, recoverOption } = terms
  if (isBlank(name) || name.length > longestName) return `name must be 1 to ${longestName} characters.`
  if (totalBudget < 1) return 'totalBudget must be greater than 0.'
  if (endAt <= startAt) return 'endAt must be later than startAt.'
  if (endAt <= now) return `endAt must be in the future; the store's clock shows ${toIso(now)}.`
  const spare = recoverOption.type === 'NO_RECOVER' ? recoverOption.spareBudget : undefined
  if (spare?.type === 'AMOUNT' && (spare.amount < 0 || !Number.isSafeInteger(totalBudget + spare.amount)))
    return 'recoverOption.spareBudget.amount must not be negative, nor absurdly large.'
  if (spare?.type === 'PERCENT' && (spare.percent < 0 || spare.percent > largestPercent))
    return `recoverOption.spareBudget.percent must be 0 to ${largestPercent}.`
  if (totalBudget > Number.MAX_SAFE_INTEGER / (1 + largestPercent / 100)) return 'totalBudget is absurdly large.'
  return ruleProblem(terms.rule)
}

/** What a person may do with a promotion. Repeating it changes nothing. */
export type Intervention = 'pause' | 'resume' | 'terminate'

export const intervene = (
  promotion: Promotion,
  intervention: Intervention,
  now: Instant,
): readonly PromotionEvent[] | Refusal<'PROMOTION_NOT_FOUND' | 'INVALID_REQUEST'> => {
  const { terms, promotionId, terminatedAt, isPaused } = promotion
  if (!terms) return promotionNotFound(promotionId)
  if (intervention === 'terminate' && terminatedAt !== undefined) return []
  if (terminatedAt !== undefined || now >= terms.endAt)
    return refuse('INVALID_REQUEST', `The promotion ${promotionId} has ended and can no longer be changed.`)
  switch (intervention) {
    case 'pause':
      return isPaused ? [] : [{ type: 'PromotionPaused' }]
    case 'resume':
      return isPaused ? [{ type: 'PromotionResumed' }] : []
    case 'terminate':
      return [{ type: 'PromotionTerminated' }]
  }
}

export const promotionNotFound = (promotionId: string): Refusal<'PROMOTION_NOT_FOUND'> =>
  refuse('PROMOTION_NOT_FOUND', `There is no promotion ${promotionId} in this store.`)
