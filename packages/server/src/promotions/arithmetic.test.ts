import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PromotionDiscountPartition, PromotionDiscountRetainOption } from '@naru/contract'
import fc from 'fast-check'
import { adjustCancellation, type DiscountRule, discountFor, type GrantedDiscount, ruleProblem } from './arithmetic.ts'

const percent = (amountFrom: number, percent: number): PromotionDiscountPartition => ({
  amountFrom,
  scheme: { type: 'PERCENT', percent },
})
const fixed = (amountFrom: number, amount: number): PromotionDiscountPartition => ({
  amountFrom,
  scheme: { type: 'AMOUNT', amount },
})
const rule = (partitions: PromotionDiscountPartition[], maxDiscountAmount?: number): DiscountRule => ({
  policy: { partitions },
  maxDiscountAmount,
})
const grant = (discountRule: DiscountRule, total: number): GrantedDiscount => ({
  rule: discountRule,
  total,
  discount: discountFor(discountRule, total),
})

/** Cancels step by step; what each step refunds and releases. */
const cancelAll = (granted: GrantedDiscount, steps: readonly (readonly [number, PromotionDiscountRetainOption])[]) => {
  let remainder = { order: granted.total, discount: granted.discount }
  return steps.map(([amount, option]) => {
    const adjustment = adjustCancellation(granted, remainder, amount, option)
    remainder = { order: remainder.order - amount, discount: remainder.discount - adjustment.released }
    return [adjustment.refund, adjustment.released] as const
  })
}

describe('the discount of an order', () => {
  const steps = rule([percent(10_000, 10), percent(50_000, 20)])
  for (const [name, discountRule, total, discount] of [
    ['is nothing below the lowest partition', steps, 9_999, 0],
    ['starts exactly at amountFrom', steps, 10_000, 1_000],
    ['is that of the highest partition reached', steps, 60_000, 12_000],
    ['is rounded down', rule([percent(0, 10)]), 12_345, 1_234],
    ['is capped', rule([percent(10_000, 10)], 5_000), 200_000, 5_000],
    ['is 20 000 for 10 % of 200 000', rule([percent(10_000, 10)]), 200_000, 20_000],
    ['may be a fixed amount', rule([fixed(5_000, 1_000)]), 6_000, 1_000],
  ] as const)
    it(name, () => assert.equal(discountFor(discountRule, total), discount))
})

describe('cancelling a discounted order', () => {
  const tenPercent = rule([percent(5_000, 10)])
  const thousandOff = rule([fixed(5_000, 1_000)])
  const fromTenThousand = rule([percent(10_000, 10)])
  for (const [name, discountRule, total, amount, option, refund, released] of [
    ['keeps a percentage', tenPercent, 6_000, 2_000, 'RETAIN', 1_800, 200],
    ['loses a percentage below its partition', tenPercent, 6_000, 2_000, 'RELEASE', 1_400, 600],
    ['keeps a fixed amount by its rate', thousandOff, 6_000, 2_000, 'RETAIN', 1_800, 200],
    ['loses a fixed amount', thousandOff, 6_000, 2_000, 'RELEASE', 1_000, 1_000],
    ['may cost more than it refunds', fromTenThousand, 10_000, 500, 'RELEASE', -500, 1_000],
    ['refunds in proportion when kept', fromTenThousand, 10_000, 500, 'RETAIN', 450, 50],
    ['never keeps more than was granted', thousandOff, 6_000, 500, 'RETAIN', 500, 0],
    [
      'uses the rate that the order got where amountFrom is 0',
      rule([fixed(0, 600)]),
      6_000,
      2_000,
      'RETAIN',
      1_800,
      200,
    ],
    ['refunds all that was paid when all is cancelled', tenPercent, 6_000, 6_000, 'RELEASE', 5_400, 600],
  ] as const)
    it(name, () => assert.deepEqual(cancelAll(grant(discountRule, total), [[amount, option]]), [[refund, released]]))

  it('step by step adds up, retaining and releasing', () => {
    const granted = grant(rule([percent(10_000, 10), percent(50_000, 20)]), 60_000)
    const steps = (option: PromotionDiscountRetainOption) =>
      [20_000, 35_000, 5_000].map((amount) => [amount, option] as const)
    const retained = [
      [16_000, 4_000],
      [28_000, 7_000],
      [4_000, 1_000],
    ]
    const released = [
      [12_000, 8_000],
      [31_000, 4_000],
      [5_000, 0],
    ]
    assert.deepEqual(cancelAll(granted, steps('RETAIN')), retained)
    assert.deepEqual(cancelAll(granted, steps('RELEASE')), released)
  })

  it('never keeps a discount larger than what is left of the order', () => {
    assert.deepEqual(cancelAll(grant(rule([fixed(0, 1_000)]), 6_000), [[5_500, 'RELEASE']]), [[5_000, 500]])
  })
})

describe('any rule, any order, any cancellations', () => {
  const partition = (type: 'PERCENT' | 'AMOUNT') =>
    fc
      .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: type === 'PERCENT' ? 100 : 50_000 }))
      .map(([from, value]) => (type === 'PERCENT' ? percent(from, value) : fixed(from, value)))
  const rules = fc
    .constantFrom('PERCENT' as const, 'AMOUNT' as const)
    .chain((type) => fc.array(partition(type), { minLength: 1, maxLength: 5 }))
    .map((partitions) => rule(partitions.toSorted((one, other) => one.amountFrom - other.amountFrom)))
    .filter((candidate) => ruleProblem(candidate) === undefined)
  const options = fc.constantFrom<PromotionDiscountRetainOption>('RETAIN', 'RELEASE')

  it('refund in all what was paid, release in all what was granted, and never go below nothing', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), options), { maxLength: 12 })
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 200_000 }), steps, (discountRule, total, wanted) => {
        const granted = grant(discountRule, total)
        fc.pre(granted.discount < total)
        let [order, discount, refunded] = [total, granted.discount, 0]
        for (const [asked, option] of [...wanted, [total, 'RELEASE'] as const]) {
          const amount = Math.min(asked, order)
          if (amount === 0) continue
          const { refund, released } = adjustCancellation(granted, { order, discount }, amount, option)
          assert.ok(released >= 0 && released <= discount)
          assert.ok(refund <= amount)
          if (refund < 0) continue
          ;[order, discount, refunded] = [order - amount, discount - released, refunded + refund]
          assert.ok(order - discount >= 0)
        }
        assert.deepEqual({ order, discount, refunded }, { order: 0, discount: 0, refunded: total - granted.discount })
      }),
    )
  })
})

describe('a discount policy', () => {
  it('is fine with ascending partitions of the same or a higher rate', () => {
    assert.equal(ruleProblem(rule([percent(0, 10), percent(10_000, 10), percent(50_000, 20)], 5_000)), undefined)
    assert.equal(ruleProblem(rule([fixed(10_000, 1_000), fixed(50_000, 6_000)])), undefined)
  })

  for (const [name, broken, field] of [
    ['none', rule([]), /partitions must have 1 to 5/],
    ['six', rule([1, 2, 3, 4, 5, 6].map((step) => percent(step * 1_000, step))), /partitions must have 1 to 5/],
    ['two kinds', rule([percent(0, 10), fixed(10_000, 5_000)]), /all be PERCENT or all be AMOUNT/],
    ['a cap on a fixed amount', rule([fixed(0, 10)], 5), /maxDiscountAmount/],
    ['a cap of nothing', rule([percent(0, 10)], 0), /maxDiscountAmount/],
    ['the same threshold twice', rule([percent(0, 10), percent(0, 20)]), /\[1\]\.amountFrom/],
    ['a lower rate for more', rule([percent(0, 10), percent(10_000, 5)]), /\[1\] takes off a smaller share/],
    ['a lower fixed rate for more', rule([fixed(10_000, 1_000), fixed(50_000, 4_999)]), /\[1\] takes off/],
    ['anything above a fixed amount from 0', rule([fixed(0, 1), fixed(10, 10)]), /\[1\] takes off/],
    ['a negative threshold', rule([percent(-1, 10)]), /\[0\]\.amountFrom/],
    ['no percent', rule([percent(0, 0)]), /\[0\]\.scheme\.percent/],
    ['more than all', rule([percent(0, 101)]), /\[0\]\.scheme\.percent/],
    ['a negative amount', rule([fixed(0, -1)]), /\[0\]\.scheme\.amount/],
  ] as const)
    it(`is refused with ${name}`, () => assert.match(ruleProblem(broken) ?? '', field))
})
