import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { day } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { editPromotion, type PromotionEdit } from './edit.ts'
import {
  createPromotion,
  effectiveBudget,
  evolvePromotion,
  noPromotion,
  type Promotion,
  type PromotionTerms,
  promotionStatus,
} from './promotion.ts'

const now = Date.UTC(2026, 5, 1)

const percentPolicy = { partitions: [{ amountFrom: 10_000, scheme: { type: 'PERCENT' as const, percent: 10 } }] }
const amountPolicy = { partitions: [{ amountFrom: 10_000, scheme: { type: 'AMOUNT' as const, amount: 1_000 } }] }

const scheduled: PromotionTerms = {
  name: 'Spring',
  rule: { policy: percentPolicy, maxDiscountAmount: 5_000 },
  totalBudget: 100_000,
  currency: 'KRW',
  startAt: now + day,
  endAt: now + 10 * day,
  cardCompany: 'SHINHAN_CARD',
  recoverOption: { type: 'RECOVER' },
}
const running = { ...scheduled, startAt: now - day }

const promotionOf = (terms: PromotionTerms, rest: Partial<Promotion> = {}): Promotion => ({
  ...evolvePromotion(
    noPromotion('store-1', 'promotion-1'),
    { type: 'PromotionCreated', terms },
    terms.startAt - 5 * day,
  ),
  ...rest,
})

const messageOf = (outcome: ReturnType<typeof editPromotion>) =>
  outcome instanceof Refusal ? outcome.body.message : undefined

const edited = (promotion: Promotion, edit: PromotionEdit, spent = 0, at = now): Promotion => {
  const outcome = editPromotion(promotion, edit, spent, at)
  assert(!(outcome instanceof Refusal), messageOf(outcome))
  return outcome.reduce((state, event) => evolvePromotion(state, event, at), promotion)
}

/** Another value for every field, each a change that a scheduled promotion takes. */
const changes = {
  name: 'Summer',
  discountPolicy: {
    partitions: [{ amountFrom: 20_000, scheme: { type: 'PERCENT' as const, percent: 20 } }],
  },
  maxDiscountAmount: 7_000,
  totalBudget: 50_000,
  currency: 'USD',
  startAt: now + 2 * day,
  endAt: now + 20 * day,
  cardCompany: 'LOTTE_CARD',
  recoverOption: { type: 'NO_RECOVER' },
} as const satisfies Required<PromotionEdit>
type Field = keyof typeof changes
const fields = Object.keys(changes) as Field[]

describe('editing a promotion', () => {
  const situations: Record<string, { promotion: Promotion; spent: number; lets: readonly Field[] }> = {
    SCHEDULED: { promotion: promotionOf(scheduled), spent: 0, lets: fields },
    IN_PROGRESS: { promotion: promotionOf(running), spent: 0, lets: ['name', 'startAt', 'endAt'] },
    BUDGET_EXHAUSTED: { promotion: promotionOf(running), spent: 100_000, lets: ['name', 'startAt', 'endAt'] },
    PAUSED: { promotion: promotionOf(running, { isPaused: true }), spent: 0, lets: ['name', 'endAt'] },
    'PAUSED before it began': {
      promotion: promotionOf(scheduled, { isPaused: true }),
      spent: 0,
      lets: ['name', 'endAt'],
    },
    COMPLETED: { promotion: promotionOf({ ...running, endAt: now }), spent: 0, lets: [] },
    TERMINATED: { promotion: promotionOf(running, { terminatedAt: now - 1 }), spent: 0, lets: [] },
  }
  for (const [name, { promotion, spent, lets }] of Object.entries(situations))
    for (const field of fields)
      it(`${lets.includes(field) ? 'changes' : 'refuses to change'} ${field} while ${name}`, () => {
        const outcome = editPromotion(promotion, { [field]: changes[field] }, spent, now)
        if (lets.includes(field)) {
          assert(!(outcome instanceof Refusal), messageOf(outcome))
          assert.equal(outcome.length, 1)
        } else {
          const named =
            lets.length === 0
              ? /has ended/
              : new RegExp(`^${field} cannot be changed .* (Resume|Terminate) the promotion`)
          assert.match(messageOf(outcome) ?? '', named)
        }
      })

  it('drops the limit of a policy that is replaced, and keeps one that is not', () => {
    const fixed = edited(promotionOf(scheduled), { discountPolicy: amountPolicy })
    assert.deepEqual(fixed.terms?.rule, { policy: amountPolicy })
    const limited = edited(promotionOf(scheduled), { maxDiscountAmount: 7_000 })
    assert.deepEqual(limited.terms?.rule, { policy: percentPolicy, maxDiscountAmount: 7_000 })
  })

  it('is refused where the terms would make no sense, as when creating it', () => {
    const senseless: [PromotionEdit, RegExp][] = [
      [{}, /at least one of name, /],
      [{ name: ' ' }, /^name /],
      [{ totalBudget: 0 }, /^totalBudget /],
      [{ endAt: now }, /^endAt /],
      [{ startAt: scheduled.endAt }, /^endAt /],
      [{ discountPolicy: { partitions: [] } }, /^discountPolicy\.partitions /],
      [{ discountPolicy: amountPolicy, maxDiscountAmount: 1 }, /^maxDiscountAmount /],
    ]
    for (const [edit, names] of senseless)
      assert.match(messageOf(editPromotion(promotionOf(scheduled), edit, 0, now)) ?? '', names)
    assert.match(messageOf(editPromotion(noPromotion('store-1', 'x'), { name: 'y' }, 0, now)) ?? '', /no promotion x/)
  })

  it('that begins anew keeps its currency, and a budget that covers what payments have of it', () => {
    const putOff = edited(promotionOf(running), { startAt: now + day }, 3_000)
    assert(putOff.terms && promotionStatus(putOff, putOff.terms, 3_000, now) === 'SCHEDULED')
    assert.match(messageOf(editPromotion(putOff, { currency: 'USD' }, 3_000, now)) ?? '', /^currency /)
    assert.match(messageOf(editPromotion(putOff, { totalBudget: 2_999 }, 3_000, now)) ?? '', /^totalBudget .* 3000 /)
    assert.equal(edited(putOff, { totalBudget: 3_000 }, 3_000).terms?.totalBudget, 3_000)
    const spared = { type: 'NO_RECOVER', spareBudget: { type: 'AMOUNT', amount: 1 } } as const
    assert.equal(edited(putOff, { totalBudget: 2_999, recoverOption: spared }, 3_000).terms?.totalBudget, 2_999)
  })
})

describe('any promotion, any edits, at any time', () => {
  const policies = fc
    .record({ from: fc.integer({ min: 0, max: 50_000 }), percent: fc.integer({ min: -1, max: 110 }) })
    .map(({ from, percent }) => ({ partitions: [{ amountFrom: from, scheme: { type: 'PERCENT' as const, percent } }] }))
  const instants = fc.integer({ min: -20, max: 20 }).map((days) => now + days * day)
  const edits: fc.Arbitrary<PromotionEdit> = fc.record(
    {
      name: fc.constantFrom('Spring', 'Summer', ''),
      discountPolicy: policies,
      maxDiscountAmount: fc.integer({ min: -1, max: 10_000 }),
      totalBudget: fc.integer({ min: -1, max: 200_000 }),
      currency: fc.constantFrom('KRW', 'USD'),
      startAt: instants,
      endAt: instants,
      cardCompany: fc.constantFrom('SHINHAN_CARD', 'LOTTE_CARD'),
      recoverOption: fc.constantFrom({ type: 'RECOVER' as const }, { type: 'NO_RECOVER' as const }),
    },
    { requiredKeys: [] },
  )
  const steps = fc.array(fc.record({ edit: edits, hours: fc.nat(48), pauses: fc.boolean() }), { maxLength: 15 })

  it('keep valid terms, cover what is spent, keep a begun currency, and change nothing the second time', () => {
    fc.assert(
      fc.property(steps, fc.nat(100_000), (wanted, spending) => {
        let [promotion, at, spent] = [promotionOf(scheduled), now, 0]
        for (const { edit, hours, pauses } of wanted) {
          at += hours * (day / 24)
          assert(promotion.terms)
          const before = promotion.terms
          if (promotionStatus(promotion, before, spent, at) === 'IN_PROGRESS')
            spent = Math.max(spent, Math.min(spending, effectiveBudget(before)))
          if (pauses) promotion = { ...promotion, isPaused: !promotion.isPaused }
          const status = promotionStatus(promotion, before, spent, at)
          const outcome = editPromotion(promotion, edit, spent, at)
          if (outcome instanceof Refusal) continue
          for (const event of outcome) promotion = evolvePromotion(promotion, event, at)
          assert(promotion.terms)
          assert.notEqual(status, 'COMPLETED')
          assert.ok(effectiveBudget(promotion.terms) >= spent)
          assert.ok(spent === 0 || promotion.terms.currency === before.currency)
          assert.deepEqual(editPromotion(promotion, edit, spent, at), [])
          if (outcome.length === 0) continue
          assert(!(createPromotion(noPromotion('store-1', 'another'), promotion.terms, at) instanceof Refusal))
          if (status === 'SCHEDULED') continue
          const { name: _, startAt, endAt: __, ...rest } = promotion.terms
          const { name: ___, startAt: startedAt, endAt: ____, ...restBefore } = before
          assert.deepEqual(rest, restBefore)
          if (status === 'PAUSED') assert.equal(startAt, startedAt)
        }
      }),
    )
  })
})
