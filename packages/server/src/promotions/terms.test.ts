import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PromotionDiscountPartition, PromotionRecoverOption } from '@naru/contract'
import { hasBegun, noPromotion, type PromotionTerms, termsProblem } from './promotion.ts'

const [before, begin, end] = [1_000, 2_000, 4_000]

const percent = (amountFrom: number, percent: number): PromotionDiscountPartition => ({
  amountFrom,
  scheme: { type: 'PERCENT', percent },
})
const ruled = (...partitions: PromotionDiscountPartition[]) => ({ rule: { policy: { partitions } } })
const sparing = (spareBudget: Extract<PromotionRecoverOption, { type: 'NO_RECOVER' }>['spareBudget']) => ({
  recoverOption: { type: 'NO_RECOVER' as const, ...(spareBudget ? { spareBudget } : {}) },
})

const terms = (wanted: Partial<PromotionTerms> = {}): PromotionTerms => ({
  name: 'Spring',
  ...ruled(percent(0, 10)),
  totalBudget: 1_000,
  currency: 'KRW',
  startAt: begin,
  endAt: end,
  cardCompany: 'SHINHAN_CARD',
  recoverOption: { type: 'RECOVER' },
  ...wanted,
})

const largestBudget = Math.floor(Number.MAX_SAFE_INTEGER / 11)
const rising = (count: number) => Array.from({ length: count }, (_, index) => percent(index * 1_000, index + 1))

describe('terms at their limits', () => {
  for (const [name, within] of [
    ['a name of one character', { name: '봄' }],
    ['the longest name', { name: 'n'.repeat(200) }],
    ['the smallest budget', { totalBudget: 1 }],
    ['the largest budget', { totalBudget: largestBudget }],
    ['an end right after the beginning and right after now', { startAt: before, endAt: before + 1 }],
    ['a beginning long ago', { startAt: 0 }],
    ['nothing to spare', sparing(undefined)],
    ['no amount to spare', sparing({ type: 'AMOUNT', amount: 0 })],
    ['the largest amount to spare', sparing({ type: 'AMOUNT', amount: Number.MAX_SAFE_INTEGER - 1_000 })],
    ['no percent to spare', sparing({ type: 'PERCENT', percent: 0 })],
    ['the most percent to spare', sparing({ type: 'PERCENT', percent: 1_000 })],
    ['five partitions', ruled(...rising(5))],
    ['one percent', ruled(percent(0, 1))],
    ['a hundred percent', ruled(percent(0, 100))],
  ] as const)
    it(`allow ${name}`, () => assert.equal(termsProblem(terms(within), before), undefined))

  for (const [name, beyond, field] of [
    ['a name of spaces', { name: '  ' }, /^name /],
    ['a longer name', { name: 'n'.repeat(201) }, /^name /],
    ['no budget', { totalBudget: 0 }, /^totalBudget /],
    ['a larger budget', { totalBudget: largestBudget + 1 }, /^totalBudget /],
    ['an end at the beginning', { endAt: begin }, /^endAt .* startAt/],
    ['an end that is now', { startAt: 0, endAt: before }, /^endAt .* 1970-01-01T00:00:01/],
    ['a negative amount to spare', sparing({ type: 'AMOUNT', amount: -1 }), /spareBudget\.amount /],
    ['more to spare than is exact', sparing({ type: 'AMOUNT', amount: Number.MAX_SAFE_INTEGER - 999 }), /\.amount /],
    ['negative percent to spare', sparing({ type: 'PERCENT', percent: -1 }), /spareBudget\.percent /],
    ['too many percent to spare', sparing({ type: 'PERCENT', percent: 1_001 }), /spareBudget\.percent /],
    ['no partition', ruled(), /partitions must have 1 to 5/],
    ['six partitions', ruled(...rising(6)), /partitions must have 1 to 5/],
    ['no percent', ruled(percent(0, 0)), /percent must be 1 to 100/],
    ['more than all of it', ruled(percent(0, 101)), /percent must be 1 to 100/],
  ] as const)
    it(`refuse ${name}`, () => assert.match(termsProblem(terms(beyond), before) ?? '', field))
})

it('payments can have got a discount from the first instant on, and for good once they could', () => {
  const promotion = { ...noPromotion('store-1', 'promotion-1'), terms: terms() }
  assert.equal(hasBegun(promotion, begin - 1), false)
  assert.equal(hasBegun(promotion, begin), true)
  assert.equal(hasBegun({ ...promotion, terms: terms({ startAt: end - 1 }), hadBegun: true }, begin), true)
})
