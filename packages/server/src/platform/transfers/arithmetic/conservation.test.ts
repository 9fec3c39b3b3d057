import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { addAmounts, type OrderAmounts, subtractAmounts, total } from './amounts.ts'
import { type PayoutTaxation, payoutAmounts } from './payout.ts'
import { giveBack, isNothing, wholeOf } from './remainder.ts'
import type { RoundType } from './rounding.ts'
import type { Settlement } from './settlement.ts'
import { anyOrder, anySteps, anyTerms, requestOf } from './testing/generate.ts'
import { cancelAll, Transfer } from './testing/orders.ts'

const runs = { numRuns: 10_000 }

/** Amounts that are computed one by one; the settlement and its tax-free part follow from them. */
const components = [
  'order',
  'orderTaxFree',
  'discount',
  'discountTaxFree',
  'payment',
  'paymentTaxFree',
  'paymentVat',
  'paymentSupply',
  'paymentVatBurden',
  'discountShare',
  'discountShareTaxFree',
  'platformFee',
  'platformFeeVat',
  'additionalFee',
  'additionalFeeVat',
] as const

const feesOf = (amount: OrderAmounts): bigint =>
  amount.platformFee + amount.platformFeeVat + amount.additionalFee + amount.additionalFeeVat + amount.paymentVatBurden

/**
 * Where the money goes: what the customer pays and what the merchant adds for its share of the discounts is exactly
 * what the partner gets and what is kept as fees.
 */
const assertConserved = (amount: OrderAmounts) => {
  const merchantShare = amount.discount - amount.discountShare
  assert.equal(amount.payment + merchantShare, amount.settlement + feesOf(amount))
  assert.equal(amount.payment, amount.order - amount.discount)
  assert.equal(amount.payment, amount.paymentSupply + amount.paymentVat + amount.paymentTaxFree)
}

const assertNoneNegative = (amount: OrderAmounts) => {
  for (const field of components) assert.ok(amount[field] >= 0n, `${field} is ${amount[field]}`)
}

/** What a transfer shows in items is what it shows in sum. */
const assertItemsAddUp = ({ amount, discounts, additionalFees, lines }: Settlement) => {
  const allDiscounts = [...discounts, ...lines.flatMap((line) => line.discounts)]
  const allFees = [...additionalFees, ...lines.flatMap((line) => line.additionalFees)]
  assert.equal(amount.discount, total(allDiscounts.map((discount) => discount.amount)))
  assert.equal(amount.discountShare, total(allDiscounts.map((discount) => discount.shareAmount)))
  assert.equal(amount.discountShareTaxFree, total(allDiscounts.map((discount) => discount.shareTaxFreeAmount)))
  assert.equal(amount.additionalFee, total(allFees.map((fee) => fee.amount)))
  assert.equal(amount.additionalFeeVat, total(allFees.map((fee) => fee.vat)))
}

const assertSound = (settlement: Settlement) => {
  for (const { amount } of [settlement, ...settlement.lines]) {
    assertConserved(amount)
    assertNoneNegative(amount)
  }
  assertItemsAddUp(settlement)
}

/** Whether the tax-free part of a settlement is a part of it: neither more than all of it, nor of the other sign. */
const isPart = ({ settlement, settlementTaxFree }: OrderAmounts): boolean =>
  settlement >= 0n
    ? settlementTaxFree >= 0n && settlementTaxFree <= settlement
    : settlementTaxFree <= 0n && settlementTaxFree >= settlement

/** The VAT of a payout is computed from what is left of each part: if it began as a part, it stays one in each step. */
const assertTaxFreeStaysPart = ({ original, remainder, cancels }: Transfer) => {
  const levels = [original.settlement, ...original.settlement.lines].map(({ amount }) => amount)
  const left = [remainder, ...remainder.lines].map(({ amount }) => amount)
  levels.forEach((whole, index) => {
    const now = left[index]
    if (isPart(whole) && now) assert.ok(isPart(now), `${now.settlementTaxFree} of ${now.settlement} is left`)
  })
  if (isPart(original.settlement.amount)) for (const { amount } of cancels) assert.ok(isPart(amount))
}

/** Once everything is cancelled, in however many steps, nothing is left anywhere. */
const assertCancelledInFull = (transfer: Transfer) => {
  transfer.try(cancelAll)
  assert.ok(isNothing(transfer.remainder))
  const again = transfer.try(cancelAll)
  assert.ok('problem' in again && again.problem.type === 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED')
}

describe('money', () => {
  it('is neither made nor lost: partners, platform and fees get what the customer paid less what was refunded, and nothing once all is', () => {
    fc.assert(
      fc.property(anyOrder, anyTerms, anySteps, (order, terms, steps) => {
        const transfer = new Transfer(order, terms)
        assertSound(transfer.original.settlement)
        for (const step of steps) {
          const before = transfer.remainder
          const cancel = transfer.try(requestOf(transfer, step))
          if ('problem' in cancel) assert.equal(transfer.remainder, before)
          else assertSound(cancel)
          assertSound(transfer.remainder)
          assertTaxFreeStaysPart(transfer)
        }
        const cancelled = transfer.cancels.map(({ amount }) => amount)
        const taken = cancelled.reduce(addAmounts, subtractAmounts(transfer.amount, transfer.amount))
        assert.deepEqual(subtractAmounts(transfer.amount, taken), transfer.remainder.amount)
        for (const field of components) assert.ok(taken[field] <= transfer.amount[field], field)
        assertCancelledInFull(transfer)
      }),
      runs,
    )
  })

  it('is all back once every cancellation has been deleted, in any sequence', () => {
    fc.assert(
      fc.property(anyOrder, anyTerms, anySteps, fc.infiniteStream(fc.nat()), (order, terms, steps, choice) => {
        const transfer = new Transfer(order, terms)
        for (const step of steps) transfer.try(requestOf(transfer, step))
        const cancels = [...transfer.cancels]
        // Where fees take more than there is of some step, a negative part can be left of what others gave back.
        const amounts = [transfer.original.settlement, transfer.remainder, ...cancels].map(({ amount }) => amount)
        const isUsual = amounts.every((amount) => amount.settlement >= 0n && isPart(amount))
        while (cancels.length > 0) {
          const [deleted] = cancels.splice((choice.next().value ?? 0) % cancels.length, 1)
          if (deleted) transfer.remainder = giveBack(transfer.remainder, deleted)
          if (isUsual) assert.ok(isPart(transfer.remainder.amount))
        }
        assert.deepEqual(transfer.remainder, wholeOf(transfer.original.settlement))
      }),
      { numRuns: 2_000 },
    )
  })

  it('of a payout is the settlement and the VAT that is added to it, less the tax that is withheld', () => {
    const input = fc.record({
      settlement: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      taxFreePart: fc.nat(100),
      taxation: fc.constantFrom<PayoutTaxation>('VAT_BUSINESS', 'TAX_FREE_BUSINESS', 'WHT_PAYER', 'NON_WHT_PAYER'),
      settlementAmountType: fc.constantFrom('GROSS' as const, 'NET' as const),
      deductWht: fc.boolean(),
      isKrw: fc.boolean(),
      vatRoundType: fc.constantFrom<RoundType>('DOWN', 'UP', 'OFF'),
    })
    fc.assert(
      fc.property(input, ({ taxFreePart, ...rest }) => {
        const payout = payoutAmounts({ ...rest, settlementTaxFree: (rest.settlement * BigInt(taxFreePart)) / 100n })
        const { supplyAmount, taxFreeAmount, vatAmount, incomeTaxAmount, localIncomeTaxAmount, amount } = payout
        const added = rest.taxation === 'VAT_BUSINESS' && rest.settlementAmountType === 'NET' ? vatAmount : 0n
        assert.equal(supplyAmount + taxFreeAmount + vatAmount, rest.settlement + added)
        assert.equal(amount, rest.settlement + added - incomeTaxAmount - localIncomeTaxAmount)
        for (const value of Object.values(payout)) assert.ok(value >= 0n)
        assert.equal(incomeTaxAmount % 10n, 0n)
      }),
      runs,
    )
  })
})
