import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PromotionRecoverOption } from '@naru/contract'
import { Refusal } from '../kernel/refusal.ts'
import {
  effectiveBudget,
  evolvePromotion,
  type Intervention,
  intervene,
  noPromotion,
  type Promotion,
  type PromotionTerms,
  promotionStatus,
} from './promotion.ts'

const [before, begin, during, end] = [1_000, 2_000, 3_000, 4_000]

const terms: PromotionTerms = {
  name: 'Spring',
  rule: { policy: { partitions: [{ amountFrom: 0, scheme: { type: 'PERCENT', percent: 10 } }] } },
  totalBudget: 1_005,
  currency: 'KRW',
  startAt: begin,
  endAt: end,
  cardCompany: 'SHINHAN_CARD',
  recoverOption: { type: 'RECOVER' },
}

const created = evolvePromotion(noPromotion('store-1', 'promotion-1'), { type: 'PromotionCreated', terms }, before)

const after = (does: Intervention, promotion: Promotion, at: number): Promotion => {
  const events = intervene(promotion, does, at)
  assert(!(events instanceof Refusal))
  return events.reduce((state, event) => evolvePromotion(state, event, at), promotion)
}

describe("a promotion's status", () => {
  const paused = after('pause', created, before)
  for (const [name, promotion, spent, now, status] of [
    ['is SCHEDULED before it begins', created, 0, begin - 1, 'SCHEDULED'],
    ['is IN_PROGRESS from startAt on', created, 0, begin, 'IN_PROGRESS'],
    ['is IN_PROGRESS while budget is left', created, 1_004, during, 'IN_PROGRESS'],
    ['is BUDGET_EXHAUSTED once all is spent', created, 1_005, during, 'BUDGET_EXHAUSTED'],
    ['is COMPLETED from endAt on', created, 0, end, 'COMPLETED'],
    ['is COMPLETED though all was spent', created, 1_005, end, 'COMPLETED'],
    ['is PAUSED by hand before it begins', paused, 0, before, 'PAUSED'],
    ['is PAUSED by hand while it runs', after('pause', created, during), 0, during, 'PAUSED'],
    ['is PAUSED by hand though all was spent', after('pause', created, during), 1_005, during, 'PAUSED'],
    ['is COMPLETED where a pause outlasts it', paused, 0, end, 'COMPLETED'],
    ['is SCHEDULED again when resumed early', after('resume', paused, before), 0, before, 'SCHEDULED'],
    ['is IN_PROGRESS when resumed after it began', after('resume', paused, during), 0, during, 'IN_PROGRESS'],
    [
      'is BUDGET_EXHAUSTED when resumed with all spent',
      after('resume', paused, during),
      1_005,
      during,
      'BUDGET_EXHAUSTED',
    ],
    ['is TERMINATED for good', after('terminate', created, during), 0, end, 'TERMINATED'],
  ] as const)
    it(name, () => assert.equal(promotionStatus(promotion, terms, spent, now), status))

  it('does not change by hand once it has ended', () => {
    const terminated = after('terminate', created, during)
    for (const does of ['pause', 'resume'] as const) {
      assert(intervene(terminated, does, during) instanceof Refusal)
      assert(intervene(created, does, end) instanceof Refusal)
    }
    assert.deepEqual(intervene(terminated, 'terminate', end), [])
    assert(intervene(created, 'terminate', end) instanceof Refusal)
  })
})

describe("a promotion's budget", () => {
  const options: [PromotionRecoverOption, number][] = [
    [{ type: 'RECOVER' }, 1_005],
    [{ type: 'NO_RECOVER' }, 1_005],
    [{ type: 'NO_RECOVER', spareBudget: { type: 'AMOUNT', amount: 95 } }, 1_100],
    [{ type: 'NO_RECOVER', spareBudget: { type: 'PERCENT', percent: 10 } }, 1_105],
  ]
  for (const [recoverOption, budget] of options)
    it(`is ${budget} with ${JSON.stringify(recoverOption)}`, () =>
      assert.equal(effectiveBudget({ ...terms, recoverOption }), budget))
})
