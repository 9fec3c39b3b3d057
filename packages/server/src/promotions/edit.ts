import { isDeepStrictEqual } from 'node:util'
import type { PromotionDiscountPolicy, PromotionStatus } from '@naru/contract'
import type { Instant } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import type { Amount } from '../kernel/money.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import {
  effectiveBudget,
  hasBegun,
  type Promotion,
  type PromotionEvent,
  type PromotionTerms,
  promotionNotFound,
  promotionStatus,
  termsProblem,
} from './promotion.ts'

/** What to change of a promotion's terms; what is absent stays as it is. */
export type PromotionEdit = Partial<Omit<PromotionTerms, 'rule'>> & {
  /** Takes the place of the whole rule: without `maxDiscountAmount` beside it there is no longer one. */
  readonly discountPolicy?: PromotionDiscountPolicy
  readonly maxDiscountAmount?: Amount
}

/** The terms as the API names them. */
const flattened = ({ rule, ...terms }: PromotionTerms) => ({
  ...terms,
  discountPolicy: rule.policy,
  maxDiscountAmount: rule.maxDiscountAmount,
})

type Field = keyof ReturnType<typeof flattened>

const allFields: readonly Field[] = [
  ...(['name', 'discountPolicy', 'maxDiscountAmount', 'totalBudget', 'currency'] as const),
  ...(['startAt', 'endAt', 'cardCompany', 'recoverOption'] as const),
]

/** PortOne's console lets go of these in each status. */
const editableFields: Readonly<Record<PromotionStatus, readonly Field[]>> = {
  SCHEDULED: allFields,
  IN_PROGRESS: ['name', 'startAt', 'endAt'],
  BUDGET_EXHAUSTED: ['name', 'startAt', 'endAt'],
  PAUSED: ['name', 'endAt'],
  COMPLETED: [],
  TERMINATED: [],
}

/**
 * Changes a promotion's terms as far as its status lets them. A field that is given as it is changes nothing, so that
 * doing it twice is doing it once. Payments keep a copy of what they were granted (`AttemptPromotion`).
 */
export const editPromotion = (
  promotion: Promotion,
  edit: PromotionEdit,
  spent: Amount,
  now: Instant,
): readonly PromotionEvent[] | Refusal<'PROMOTION_NOT_FOUND' | 'INVALID_REQUEST'> => {
  const { terms, promotionId } = promotion
  if (!terms) return promotionNotFound(promotionId)
  if (allFields.every((field) => edit[field] === undefined))
    return refuse('INVALID_REQUEST', `There is nothing to change: give at least one of ${allFields.join(', ')}.`)
  const status = promotionStatus(promotion, terms, spent, now)
  const editable = editableFields[status]
  if (editable.length === 0)
    return refuse('INVALID_REQUEST', `The promotion ${promotionId} has ended and can no longer be changed.`)
  const edited = editedTerms(terms, edit)
  const changed = allFields.filter((field) => !isDeepStrictEqual(flattened(edited)[field], flattened(terms)[field]))
  if (changed.length === 0) return []
  const fixed = changed.find((field) => !editable.includes(field))
  const problem =
    fixed === undefined
      ? (currencyProblem(promotion, edited, now) ?? termsProblem(edited, now) ?? budgetProblem(edited, spent))
      : `${fixed} cannot be changed while the promotion is ${status}, only ${editable.join(' and ')}. ${remedyOf(fixed, status)}`
  return problem === undefined ? [{ type: 'PromotionEdited', terms: edited }] : refuse('INVALID_REQUEST', problem)
}

const editedTerms = (
  terms: PromotionTerms,
  { discountPolicy, maxDiscountAmount, ...given }: PromotionEdit,
): PromotionTerms => {
  const known = discountPolicy === undefined ? terms.rule : { policy: discountPolicy }
  return { ...terms, ...given, rule: { ...known, ...compact({ maxDiscountAmount }) } }
}

const remedyOf = (field: Field, status: PromotionStatus): string =>
  field === 'startAt' && status === 'PAUSED'
    ? 'Resume it first.'
    : 'Terminate it and create another promotion for other terms.'

/**
 * The budget is one number. Payments that were granted a discount before the promotion was put off may still return it,
 * or take it again, in the currency that it had then.
 */
const currencyProblem = (promotion: Promotion, { currency }: PromotionTerms, now: Instant): string | undefined =>
  currency !== promotion.terms?.currency && hasBegun(promotion, now)
    ? `currency cannot be changed: the promotion had begun, and payments were granted discounts in ${promotion.terms?.currency}. Create another promotion for ${currency}.`
    : undefined

const budgetProblem = (edited: PromotionTerms, spent: Amount): string | undefined =>
  effectiveBudget(edited) < spent
    ? `totalBudget must not be less than the ${spent} that payments have of it already.`
    : undefined
