import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CancelRequest } from './cancel-request.ts'
import type { CancelProblem } from './check-cancel.ts'
import { exceededIn } from './exceeded.ts'
import type { Settlement } from './settlement.ts'
import {
  additionalFee,
  byAmount,
  byLines,
  cancelAll,
  cancelAmount,
  cancelUnits,
  discount,
  line,
  rate,
  Transfer,
  terms,
} from './testing/orders.ts'

const tenPercent = terms(rate(10))

const problemOf = (result: Settlement | { readonly problem: CancelProblem }): CancelProblem => {
  assert.ok('problem' in result, 'was not refused')
  return result.problem
}

const takenBack = (policyId: string, amount: bigint, taxFreeAmount = 0n) => ({ policyId, amount, taxFreeAmount })

const ofLine = (productId: string, quantity: bigint, discounts: ReturnType<typeof takenBack>[]): CancelRequest => ({
  detail: { type: 'LINES', lines: [{ productId, quantity, discounts }] },
  discounts: [],
})

describe('a cancellation', () => {
  it('by amount takes no tax-free part that it does not name, unless it takes the rest', () => {
    const transfer = new Transfer(byAmount(10_000n, { taxFreeAmount: 4_000n }), tenPercent)
    assert.equal(transfer.cancel(cancelAmount(1_000n)).amount.orderTaxFree, 0n)
    assert.equal(transfer.cancel(cancelAmount(1_000n, { taxFreeAmount: 500n })).amount.orderTaxFree, 500n)
    assert.equal(transfer.cancel(cancelAmount(8_000n)).amount.orderTaxFree, 3_500n)
  })

  it('takes back listed discounts only, and the remaining ones with the rest of the order', () => {
    const transfer = new Transfer(byAmount(10_000n, { discounts: [discount('half', 2_000n, 50)] }), tenPercent)
    const first = transfer.cancel(cancelAmount(5_000n, { discounts: [takenBack('half', 500n)] }))
    assert.deepEqual([first.amount.discount, first.amount.discountShare, first.amount.payment], [500n, 250n, 4_500n])
    const rest = transfer.cancel(cancelAmount(5_000n))
    assert.deepEqual([rest.amount.discount, rest.amount.discountShare, rest.amount.payment], [1_500n, 750n, 3_500n])
    assert.deepEqual(rest.discounts, [
      { policyId: 'half', amount: 1_500n, taxFreeAmount: 0n, shareAmount: 750n, shareTaxFreeAmount: 0n },
    ])
  })

  it('takes back the remaining discounts and fees of a line with its last unit, while the order lives on', () => {
    const discounts = [discount('half', 900n, 50)]
    const fees = [additionalFee('pg', rate(3.33))]
    const order = byLines([line('A', 999n, 3n, { discounts, additionalFees: fees }), line('B', 5_000n, 1n)])
    const transfer = new Transfer(order, tenPercent)
    transfer.cancel(ofLine('A', 2n, [takenBack('half', 100n)]))
    const last = transfer.cancel(cancelUnits('A', 1n))
    assert.equal(last.amount.discount, 800n)
    // 3 × 999 at 3.33 % cost 99 in all; two units gave back 66, so that the last one gives 33.
    assert.deepEqual(last.amount.additionalFee, 33n)
    assert.deepEqual(
      last.lines.map(({ quantity, amount }) => [quantity, amount.discount, amount.additionalFee]),
      [[1n, 800n, 33n]],
    )
    assert.equal(transfer.remainder.amount.order, 5_000n)
  })

  it('draws on all discounts of a policy that an order lists twice', () => {
    const twice = [discount('half', 1_000n, 50), discount('half', 500n, 50)]
    const transfer = new Transfer(byAmount(10_000n, { discounts: twice }), tenPercent)
    const { discounts } = transfer.cancel(cancelAmount(5_000n, { discounts: [takenBack('half', 1_200n)] }))
    assert.equal(discounts[0]?.shareAmount, 600n)
    assert.equal(transfer.cancel(cancelAll).amount.discount, 300n)
  })

  it('of all that costs something takes what costs nothing with it', () => {
    const transfer = new Transfer(byLines([line('A', 1_000n, 1n), line('gift', 0n, 2n)]), tenPercent)
    const { lines } = transfer.cancel(cancelUnits('A', 1n))
    assert.deepEqual(
      lines.map(({ productId, quantity }) => [productId, quantity]),
      [
        ['A', 1n],
        ['gift', 2n],
      ],
    )
    assert.equal(problemOf(transfer.try(cancelUnits('gift', 1n))).type, 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED')
  })

  it('in tiny parts never leaves more VAT than money', () => {
    const transfer = new Transfer(byAmount(110n), tenPercent)
    for (let step = 0; step < 110; step += 1) {
      const { amount } = transfer.cancel(cancelAmount(1n))
      assert.ok(amount.paymentVat >= 0n && amount.paymentSupply >= 0n)
      assert.ok(transfer.remainder.amount.paymentSupply >= 0n)
    }
  })
})

describe('a cancellation is refused', () => {
  const discounted = byAmount(10_000n, { taxFreeAmount: 4_000n, discounts: [discount('half', 2_000n, 50, 500n)] })
  const lines = byLines([
    line('A', 1_000n, 10n, { discounts: [discount('half', 2_000n, 50)] }),
    line('B', 4_000n, 1n, { unitTaxFreeAmount: 4_000n }),
  ])
  const cases = [
    [
      'by lines where the order has an amount',
      discounted,
      cancelUnits('A', 1n),
      { type: 'PLATFORM_ORDER_DETAIL_MISMATCHED' },
    ],
    ['by amount where the order has lines', lines, cancelAmount(1_000n), { type: 'PLATFORM_ORDER_DETAIL_MISMATCHED' }],
    [
      'for a product that it names twice',
      lines,
      {
        detail: {
          type: 'LINES',
          lines: [
            { productId: 'A', quantity: 1n, discounts: [] },
            { productId: 'A', quantity: 2n, discounts: [] },
          ],
        },
        discounts: [],
      },
      { type: 'PLATFORM_PRODUCT_ID_DUPLICATED', productId: 'A' },
    ],
    [
      'for a product that the order lacks',
      lines,
      cancelUnits('C', 1n),
      { type: 'PLATFORM_PRODUCT_ID_NOT_FOUND', productId: 'C' },
    ],
    [
      'for more units than are left',
      lines,
      cancelUnits('A', 11n),
      { type: 'PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED', productId: 'A', cancellableQuantity: 10n },
    ],
    [
      'for more than the taxable part',
      discounted,
      cancelAmount(6_001n),
      {
        type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED',
        amountType: 'SUPPLY_WITH_VAT',
        cancellableAmount: 6_000n,
        requestAmount: 6_001n,
        of: 'ORDER',
      },
    ],
    [
      'for more than the tax-free part',
      discounted,
      cancelAmount(5_000n, { taxFreeAmount: 4_001n }),
      {
        type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED',
        amountType: 'TAX_FREE',
        cancellableAmount: 4_000n,
        requestAmount: 4_001n,
        of: 'ORDER',
      },
    ],
    [
      'where it would take back more than was paid',
      byAmount(10_000n, { discounts: [discount('half', 2_000n, 50)] }),
      cancelAmount(9_000n),
      {
        type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED',
        amountType: 'SUPPLY_WITH_VAT',
        cancellableAmount: 8_000n,
        requestAmount: 9_000n,
        of: 'PAYMENT',
      },
    ],
    [
      'where it would take back more than was paid for a line',
      lines,
      cancelUnits('A', 9n),
      {
        type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED',
        amountType: 'SUPPLY_WITH_VAT',
        cancellableAmount: 8_000n,
        requestAmount: 9_000n,
        of: 'PAYMENT',
      },
    ],
    [
      'where the order says itself how much is free of tax, and its lines would take more',
      byLines([line('A', 1_000n, 2n, { unitTaxFreeAmount: 1_000n })], { taxFreeAmount: 500n }),
      cancelUnits('A', 1n),
      {
        type: 'PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED',
        amountType: 'TAX_FREE',
        cancellableAmount: 500n,
        requestAmount: 1_000n,
        of: 'ORDER',
      },
    ],
    [
      'for a policy that it lists twice',
      discounted,
      cancelAmount(1_000n, { discounts: [takenBack('half', 1n), takenBack('half', 2n)] }),
      { type: 'PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED', policyId: 'half' },
    ],
    [
      'for a policy that the order does not use',
      discounted,
      cancelAmount(1_000n, { discounts: [takenBack('other', 1n)] }),
      { type: 'PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND', policyId: 'other' },
    ],
    [
      'for a policy that another line uses',
      lines,
      ofLine('B', 1n, [takenBack('half', 1n)]),
      { type: 'PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND', policyId: 'half', productId: 'B' },
    ],
    [
      'for more discount than is left',
      lines,
      ofLine('A', 5n, [takenBack('half', 2_001n)]),
      {
        type: 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED',
        policyId: 'half',
        cancellableAmount: 2_000n,
        requestAmount: 2_001n,
        productId: 'A',
      },
    ],
    [
      'for more discount than leaves its tax-free part',
      discounted,
      cancelAmount(3_000n, { discounts: [takenBack('half', 1_600n)] }),
      {
        type: 'PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED',
        policyId: 'half',
        cancellableAmount: 1_500n,
        requestAmount: 1_600n,
      },
    ],
    [
      'for more tax-free discount than is left',
      discounted,
      cancelAmount(3_000n, { taxFreeAmount: 2_000n, discounts: [takenBack('half', 1_000n, 501n)] }),
      {
        type: 'PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED',
        policyId: 'half',
        cancellableAmount: 500n,
        requestAmount: 501n,
      },
    ],
    [
      'for more discount than order',
      discounted,
      cancelAmount(1_000n, { discounts: [takenBack('half', 1_500n)] }),
      {
        type: 'PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED',
        exceeded: { kind: 'DISCOUNT_THAN_ORDER', requestedAmount: 1_500n, allowedAmount: 1_000n },
      },
    ],
  ] as const
  for (const [name, order, request, problem] of cases)
    it(name, () => assert.deepEqual(problemOf(new Transfer(order, tenPercent).try(request)), problem))

  it('where nothing is left', () => {
    const transfer = new Transfer(discounted, tenPercent)
    transfer.cancel(cancelAll)
    for (const request of [cancelAll, cancelAmount(0n), cancelUnits('A', 1n)])
      assert.equal(problemOf(transfer.try(request)).type, 'PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED')
  })
})

describe('parts that exceed the whole', () => {
  const part = (order: bigint, orderTaxFree: bigint, ...discounts: (readonly [bigint, bigint])[]) => ({
    order,
    orderTaxFree,
    discounts: discounts.map(([amount, taxFreeAmount]) => ({ amount, taxFreeAmount })),
  })
  for (const [kind, level, requestedAmount, allowedAmount] of [
    ['DISCOUNT_THAN_ORDER', part(1_000n, 0n, [600n, 0n], [500n, 0n]), 1_100n, 1_000n],
    ['DISCOUNT_TAX_FREE_THAN_DISCOUNT', part(1_000n, 500n, [100n, 0n], [100n, 101n]), 101n, 100n],
    ['DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE', part(1_000n, 100n, [60n, 60n], [50n, 50n]), 110n, 100n],
    ['PAYMENT_TAX_FREE_THAN_PAYMENT', part(1_000n, 600n, [500n, 0n]), 600n, 500n],
  ] as const)
    it(`are told as ${kind}, of the order and of a line`, () => {
      assert.deepEqual(exceededIn({ ...level, lines: [] }), { kind, requestedAmount, allowedAmount })
      const order = { ...part(1_000_000n, 1_000n), lines: [{ ...level, productId: 'A' }] }
      assert.deepEqual(exceededIn(order), { kind, requestedAmount, allowedAmount, productId: 'A' })
    })

  it('are looked for in the order with the discounts of its lines', () => {
    const order = { ...part(2_000n, 0n, [1_500n, 0n]), lines: [{ ...part(2_000n, 0n, [600n, 0n]), productId: 'A' }] }
    assert.deepEqual(exceededIn(order), { kind: 'DISCOUNT_THAN_ORDER', requestedAmount: 2_100n, allowedAmount: 2_000n })
  })
})
