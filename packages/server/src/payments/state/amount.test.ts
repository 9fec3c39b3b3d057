import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../kernel/refusal.ts'
import { declined, pending, refusalType, Story } from '../testing/story.ts'
import { amountView, cancellableBalance, completeAmount, vatWithin } from './amount.ts'

const shownAmount = (story: Story, transactionId: string) => amountView(story.attempt(transactionId))

const examples = [
  { total: 1_000, vat: 91, supply: 909, why: 'rounded up: 90.9' },
  { total: 50_000, vat: 4_545, supply: 45_455, why: 'rounded down: 4545.45' },
  { total: 22_000, taxFree: 0, vat: 2_000, supply: 20_000, why: 'all taxable' },
  { total: 11_000, taxFree: 11_000, vat: 0, supply: 0, why: 'all tax-free' },
  { total: 55_000, taxFree: 33_000, vat: 2_000, supply: 20_000, why: '33 000 exempt, 22 000 taxable' },
  { total: 10_000, taxFree: 500, vat: 864, supply: 8_636, why: '9 500 ÷ 11 = 863.6' },
  { total: 10_000, taxFree: 0, givenVat: 0, vat: 0, supply: 10_000, why: 'zero-rated: an explicit 0 is kept' },
  { total: 5, vat: 0, supply: 5, why: '0.45 is no VAT' },
  { total: 150, vat: 14, supply: 136, why: '$1.50: 13.6 cents' },
  { total: 1_000, vat: 91, supply: 909, why: 'yen like won: the rule knows no currency' },
]

for (const { total, taxFree, givenVat, vat, supply, why } of examples)
  test(`${total}, tax-free ${taxFree ?? '–'}, VAT ${givenVat ?? '–'}: VAT ${vat} and supply ${supply} (${why})`, () => {
    const completed = completeAmount({ total, taxFree, vat: givenVat })
    assert.ok(!(completed instanceof Refusal))
    const story = new Story()
    const shown = shownAmount(story, story.pay(completed))
    assert.deepEqual(shown, {
      total,
      taxFree: taxFree ?? 0,
      vat,
      supply,
      discount: 0,
      paid: total,
      cancelled: 0,
      cancelledTaxFree: 0,
    })
  })

test('parts that exceed the total are refused, by the VAT that was given', () => {
  const type = (total: number, taxFree?: number, vat?: number) => refusalType(completeAmount({ total, taxFree, vat }))
  assert.equal(type(1_000, 1_001), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
  assert.equal(type(1_000, 900, 101), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
  assert.equal(type(1_000, undefined, 1_001), 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT')
  assert.deepEqual(type(1_000, 900, 100), { total: 1_000, taxFree: 900, vat: 100 })
})

test('derived VAT is the nearest integer to an eleventh, at any size', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (taxable) => {
      const vat = BigInt(vatWithin(taxable))
      const distance = 11n * vat - BigInt(taxable)
      assert.ok(distance >= -5n && distance <= 5n)
    }),
  )
})

test('a derived VAT never makes the parts exceed the total', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), fc.nat(100), (total, percent) => {
      const completed = completeAmount({ total, taxFree: Math.floor(total / 100) * percent })
      assert.ok(!(completed instanceof Refusal))
      assert.ok(completed.taxFree + completed.vat <= total)
    }),
  )
})

test('only completed cancellations count as cancelled; paid does not shrink', () => {
  const story = new Story()
  const transactionId = story.pay({ total: 55_000, taxFree: 33_000, vat: 2_000 })
  story.cancel({ amount: 11_000, taxFreeAmount: 11_000 })
  const refused = story.beginCancel({ amount: 1_000 })
  story.answerCancel(refused.id, declined)
  const accepted = story.beginCancel({ amount: 5_000 })
  story.answerCancel(accepted.id, pending)
  const { paid, cancelled, cancelledTaxFree } = shownAmount(story, transactionId)
  assert.deepEqual({ paid, cancelled, cancelledTaxFree }, { paid: 55_000, cancelled: 11_000, cancelledTaxFree: 11_000 })
})

test('a cancellation under way holds its amounts back, a failed one gives them back', () => {
  const story = new Story()
  const transactionId = story.pay({ total: 55_000, taxFree: 33_000, vat: 2_000 })
  const balance = () => cancellableBalance(story.attempt(transactionId))
  const { id } = story.beginCancel({ amount: 16_000, taxFreeAmount: 11_000 })
  assert.deepEqual(balance(), { total: 39_000, taxFree: 22_000, taxable: 17_000, vat: 1_545 })
  story.answerCancel(id, declined)
  assert.deepEqual(balance(), { total: 55_000, taxFree: 33_000, taxable: 22_000, vat: 2_000 })
})
