import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { fraction } from '../../../kernel/fraction.ts'
import { addAmounts, type OrderAmounts, subtractAmounts, total } from './amounts.ts'
import { type NettedSettlement, net } from './netting.ts'
import { type PayoutInput, type PayoutTaxation, payoutAmounts } from './payout.ts'
import { giveBack, isNothing, wholeOf } from './remainder.ts'
import { type RoundType, round } from './rounding.ts'
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

/** The VAT of a payout is computed from what is left of each part, so that the one must be a part of the other in each step. */
const assertTaxFreeIsPart = ({ original, remainder, cancels }: Transfer) => {
  for (const settlement of [original.settlement, remainder, ...cancels])
    for (const { amount } of [settlement, ...settlement.lines])
      assert.ok(isPart(amount), `${amount.settlementTaxFree} of ${amount.settlement}`)
}

const payoutTerms: fc.Arbitrary<PayoutTerms> = fc.record({
  settlementAmountType: fc.constantFrom('GROSS' as const, 'NET' as const),
  vatRoundType: fc.constantFrom<RoundType>('DOWN', 'UP', 'OFF'),
})

type PayoutTerms = Pick<PayoutInput, 'settlementAmountType' | 'vatRoundType'>

const payoutOf = (transfers: readonly NettedSettlement[], more: PayoutTerms) =>
  payoutAmounts({ ...net(transfers), ...more, taxation: 'VAT_BUSINESS', deductWht: false, isKrw: true })

const ordersOf = (transfers: readonly Transfer[]): readonly NettedSettlement[] =>
  transfers.map(({ amount }) => ({ type: 'ORDER' as const, ...amount }))

const cancelsOf = (transfers: readonly Transfer[]): readonly NettedSettlement[] =>
  transfers.flatMap(({ cancels }) => cancels.map(({ amount }) => ({ type: 'ORDER_CANCEL' as const, ...amount })))

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
        assertTaxFreeIsPart(transfer)
        for (const step of steps) {
          const before = transfer.remainder
          const cancel = transfer.try(requestOf(transfer, step))
          if ('problem' in cancel) assert.equal(transfer.remainder, before)
          else assertSound(cancel)
          assertSound(transfer.remainder)
          assertTaxFreeIsPart(transfer)
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
        const isUsual = amounts.every((amount) => amount.settlement >= 0n)
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

  it('of a payout of orders and their cancellations is at least what is settled, and has no negative part', () => {
    const anyTransfer = fc.record({ order: anyOrder, terms: anyTerms, steps: anySteps })
    fc.assert(
      fc.property(fc.array(anyTransfer, { minLength: 1, maxLength: 3 }), payoutTerms, (given, more) => {
        const transfers = given.map(({ order, terms, steps }) => {
          const transfer = new Transfer(order, terms)
          for (const step of steps) transfer.try(requestOf(transfer, step))
          return transfer
        })
        // One whose fees exceed it is owed by the seller, and takes a part of what the others settle.
        const owing = transfers.filter(({ remainder }) => remainder.amount.settlement < 0n)
        const usual = transfers.filter((transfer) => !owing.includes(transfer))
        const payout = payoutOf([...ordersOf(usual), ...cancelsOf(usual)], more)
        for (const [field, value] of Object.entries(payout)) assert.ok(value >= 0n, `${field} is ${value}`)
        const settled = total(usual.map(({ remainder }) => remainder.amount.settlement))
        assert.ok(payout.amount >= settled)
        assert.ok(payout.vatAmount <= round(fraction(settled, 10n), more.vatRoundType))
        // Paid before they were cancelled, and taken back from a later payout: the same but for a rounding each.
        const [first, second] = [payoutOf(ordersOf(transfers), more), payoutOf(cancelsOf(transfers), more)]
        const once = payoutOf([...ordersOf(transfers), ...cancelsOf(transfers)], more)
        const difference = first.amount + second.amount - once.amount
        assert.ok(difference >= -1n && difference <= 1n, `${difference} are made or lost`)
        assert.equal(first.taxFreeAmount + second.taxFreeAmount, once.taxFreeAmount)
      }),
      { numRuns: 4_000 },
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
