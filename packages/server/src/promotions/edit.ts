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

/** What to change in a promotion's terms. Absent fields stay as they are. */
export type PromotionEdit = Partial<Omit<PromotionTerms, 'rule'>> & {
  /** Replaces the whole rule: without a `maxDiscountAmount` next to it there is none any more. */
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

/** The fields that can be edited in each status, as in PortOne's console. */
const editableFields: Readonly<Record<PromotionStatus, readonly Field[]>> = {
  SCHEDULED: allFields,
  IN_PROGRESS: ['name', 'startAt', 'endAt'],
  BUDGET_EXHAUSTED: ['name', 'startAt', 'endAt'],
  PAUSED: ['name', 'endAt'],
  COMPLETED: [],
  TERMINATED: [],
}

/**
 * Changes a promotion's terms as far as its status allows. A field with its current value changes nothing, so that an edit
 * can be repeated. Payments store a copy of what they were granted (`AttemptPromotion`).
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
    return refuse('INVALID_REQUEST', `Give at least one of ${allFields.join(', ')}.`)
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
      ? (currencyProblem(promotion, edited, now) ?? termsProblem(edited, now) ?? budgetProblem(terms, edited, spent))
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
    ? 'Resume the promotion first.'
    : 'Terminate the promotion and create one with the new terms.'

/**
 * The budget is a single number. Payments that were granted a discount before the promotion was postponed may still return
 * it, or take it again, in the currency of that time.
 */
const currencyProblem = (promotion: Promotion, { currency }: PromotionTerms, now: Instant): string | undefined =>
  currency !== promotion.terms?.currency && hasBegun(promotion, now)
    ? `currency cannot be changed: the promotion had already begun, and payments may have discounts in ${promotion.terms?.currency}. Create another promotion for ${currency}.`
    : undefined

/** A budget that late approvals have exceeded can stay as it is. */
const budgetProblem = (terms: PromotionTerms, edited: PromotionTerms, spent: Amount): string | undefined =>
  effectiveBudget(edited) < Math.min(spent, effectiveBudget(terms))
    ? `totalBudget must not be less than the ${spent} that have already been spent.`
    : undefined
