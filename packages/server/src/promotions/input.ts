import type {
  CreateSandboxPromotionBody,
  EditSandboxPromotionBody,
  PromotionDiscountPolicy,
  PromotionDiscountScheme,
  PromotionRecoverOption,
  PromotionSpareBudget,
} from '@naru/contract'
import { fromIso, type Instant } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { PromotionEdit } from './edit.ts'
import type { PromotionTerms } from './promotion.ts'

const notInstants = refuse('INVALID_REQUEST', 'startAt and endAt must be date-times such as 2026-01-31T00:00:00Z.')

/** The terms that a body asks for, with defaults filled in. */
export const promotionTerms = (
  body: Omit<CreateSandboxPromotionBody, 'storeId'>,
  now: Instant,
): PromotionTerms | Refusal<'INVALID_REQUEST'> => {
  const { name, discountPolicy, maxDiscountAmount, totalBudget, currency = 'KRW', cardCompany } = body
  const startAt = body.startAt === undefined ? now : fromIso(body.startAt)
  const endAt = fromIso(body.endAt)
  if (startAt === undefined || endAt === undefined) return notInstants
  const rule = { policy: policyOf(discountPolicy), ...compact({ maxDiscountAmount }) }
  const recoverOption = recoverOptionOf(body.recoverOption ?? { type: 'RECOVER' })
  return { name, rule, totalBudget, currency, startAt, endAt, cardCompany, recoverOption }
}

/** The changes that a body asks for. */
export const promotionEdit = (
  body: Omit<EditSandboxPromotionBody, 'storeId'>,
): PromotionEdit | Refusal<'INVALID_REQUEST'> => {
  const { name, maxDiscountAmount, totalBudget, currency, cardCompany } = body
  const discountPolicy = body.discountPolicy && policyOf(body.discountPolicy)
  const recoverOption = body.recoverOption && recoverOptionOf(body.recoverOption)
  const startAt = body.startAt === undefined ? undefined : fromIso(body.startAt)
  const endAt = body.endAt === undefined ? undefined : fromIso(body.endAt)
  if ((body.startAt !== undefined && startAt === undefined) || (body.endAt !== undefined && endAt === undefined))
    return notInstants
  const rule = { discountPolicy, maxDiscountAmount }
  return compact({ name, ...rule, totalBudget, currency, startAt, endAt, cardCompany, recoverOption })
}

/** The known fields of a policy. Unknown ones are ignored, neither stored nor shown. */
const policyOf = ({ partitions }: PromotionDiscountPolicy): PromotionDiscountPolicy => ({
  partitions: partitions.map(({ amountFrom, scheme }) => ({ amountFrom, scheme: schemeOf(scheme) })),
})

const schemeOf = (scheme: PromotionDiscountScheme): PromotionDiscountScheme => {
  switch (scheme.type) {
    case 'PERCENT':
      return { type: scheme.type, percent: scheme.percent }
    case 'AMOUNT':
      return { type: scheme.type, amount: scheme.amount }
  }
}

const recoverOptionOf = (option: PromotionRecoverOption): PromotionRecoverOption => {
  switch (option.type) {
    case 'RECOVER':
      return { type: option.type }
    case 'NO_RECOVER':
      return { type: option.type, ...compact({ spareBudget: option.spareBudget && spareBudgetOf(option.spareBudget) }) }
  }
}

const spareBudgetOf = (spare: PromotionSpareBudget): PromotionSpareBudget => {
  switch (spare.type) {
    case 'AMOUNT':
      return { type: spare.type, amount: spare.amount }
    case 'PERCENT':
      return { type: spare.type, percent: spare.percent }
  }
}
