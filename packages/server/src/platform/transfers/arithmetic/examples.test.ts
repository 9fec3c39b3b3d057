import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amountFields, type OrderAmounts } from './amounts.ts'
import { defaultCalculator } from './calculator.ts'
import { net } from './netting.ts'
import { payoutAmounts } from './payout.ts'
import {
  additionalFee,
  byAmount,
  byLines,
  calculator,
  cancelAll,
  cancelAmount,
  cancelUnits,
  discount,
  fixed,
  line,
  rate,
  roundedBy,
  Transfer,
  terms,
} from './testing/orders.ts'
import { withhold } from './withholding.ts'

/** Compares the named amounts; all others that follow from nothing else must be what the test says or 0. */
const assertAmounts = (actual: OrderAmounts, expected: Partial<Record<(typeof amountFields)[number], bigint>>) => {
  for (const [field, value] of Object.entries(expected))
    assert.equal(Object.entries(actual).find(([name]) => name === field)?.[1], value, field)
}

const tenPercent = terms(rate(10))

describe('PortOne’s worked examples', () => {
  it('an order of 10,000 at a fee of 10 % settles 8,900', () => {
    const { amount } = new Transfer(byAmount(10_000n), tenPercent)
    assert.deepEqual(amount, {
      order: 10_000n,
      orderTaxFree: 0n,
      discount: 0n,
      discountTaxFree: 0n,
      payment: 10_000n,
      paymentTaxFree: 0n,
      paymentVat: 909n,
      paymentSupply: 9_091n,
      paymentVatBurden: 0n,
      discountShare: 0n,
      discountShareTaxFree: 0n,
      platformFee: 1_000n,
      platformFeeVat: 100n,
      additionalFee: 0n,
      additionalFeeVat: 0n,
      settlement: 8_900n,
      settlementTaxFree: 0n,
      userDefinedFormulas: {},
    })
    assert.deepEqual(Object.keys(amount).toSorted(), [...amountFields, 'userDefinedFormulas'].toSorted())
  })

  it('cancelling 5,000 of it takes back 4,450, as a positive amount', () => {
    const { amount } = new Transfer(byAmount(10_000n), tenPercent).cancel(cancelAmount(5_000n))
    assertAmounts(amount, { order: 5_000n, platformFee: 500n, platformFeeVat: 50n, settlement: 4_450n })
  })

  const twoLines = byLines([line('A', 2_000n, 5n), line('B', 4_000n, 1n)])

  it('an order of two lines settles by its sum, and each line by itself', () => {
    const { amount, original } = new Transfer(twoLines, tenPercent)
    assertAmounts(amount, { order: 14_000n, platformFee: 1_400n, platformFeeVat: 140n, settlement: 12_460n })
    const [a, b] = original.settlement.lines
    assert.ok(a && b)
    assertAmounts(a.amount, { order: 10_000n, platformFee: 1_000n, platformFeeVat: 100n, settlement: 8_900n })
    assertAmounts(b.amount, { order: 4_000n, platformFee: 400n, platformFeeVat: 40n, settlement: 3_560n })
  })

  it('cancelling two units of one product takes back their part', () => {
    const cancel = new Transfer(twoLines, tenPercent).cancel(cancelUnits('A', 2n))
    assertAmounts(cancel.amount, { order: 4_000n, platformFee: 400n, platformFeeVat: 40n, settlement: 3_560n })
    assert.deepEqual(
      cancel.lines.map(({ productId, quantity }) => [productId, quantity]),
      [['A', 2n]],
    )
  })

  it('a discount of 2,000 shared by half leaves 7,900: the fee is taken of the order before discounts', () => {
    const { amount } = new Transfer(byAmount(10_000n, { discounts: [discount('half', 2_000n, 50)] }), tenPercent)
    assertAmounts(amount, {
      discount: 2_000n,
      payment: 8_000n,
      discountShare: 1_000n,
      platformFee: 1_000n,
      platformFeeVat: 100n,
      settlement: 7_900n,
    })
  })

  it('of a discount of 5,000 at a share of 10 % the partner bears 500', () => {
    const { amount } = new Transfer(byAmount(10_000n, { discounts: [discount('tenth', 5_000n, 10)] }), tenPercent)
    assertAmounts(amount, { discount: 5_000n, discountShare: 500n })
  })

  it('a discount of a line is one of the whole line, whatever its quantity', () => {
    const lines = [line('A', 10_000n, 2n, { discounts: [discount('half', 2_000n, 50)] })]
    const { amount, original } = new Transfer(byLines(lines), tenPercent)
    assertAmounts(amount, { order: 20_000n, discount: 2_000n, payment: 18_000n, discountShare: 1_000n })
    assertAmounts(original.settlement.lines[0]?.amount ?? amount, { payment: 18_000n })
  })

  it('an additional fee of 5 % leaves 8,350', () => {
    const { amount } = new Transfer(byAmount(10_000n, { additionalFees: [additionalFee('pg', rate(5))] }), tenPercent)
    assertAmounts(amount, {
      platformFee: 1_000n,
      platformFeeVat: 100n,
      additionalFee: 500n,
      additionalFeeVat: 50n,
      settlement: 8_350n,
    })
  })

  it('discounts and fees of a line and of the order add up in the transfer, and the line shows its own', () => {
    const half = (amount: bigint) => [discount('half', amount, 50)]
    const fees = [additionalFee('pg', rate(5))]
    const order = byLines([line('A', 5_000n, 5n, { discounts: half(2_500n), additionalFees: fees })], {
      discounts: half(2_500n),
      additionalFees: fees,
    })
    const { amount, original } = new Transfer(order, terms(rate(10), { vatPayer: 'MERCHANT' }))
    assertAmounts(amount, {
      order: 25_000n,
      payment: 20_000n,
      platformFee: 2_500n,
      platformFeeVat: 0n,
      additionalFee: 2_500n,
      additionalFeeVat: 250n,
      discount: 5_000n,
      discountShare: 2_500n,
      settlement: 17_250n,
    })
    const [only] = original.settlement.lines
    assert.ok(only)
    assertAmounts(only.amount, {
      payment: 22_500n,
      additionalFee: 1_250n,
      additionalFeeVat: 125n,
      discountShare: 1_250n,
      settlement: 19_875n,
    })
  })

  it('an order of 1,000 with a share of 50 and fees of 100 and 50 settles 785', () => {
    const order = byAmount(1_000n, {
      discounts: [discount('half', 100n, 50)],
      additionalFees: [additionalFee('pg', fixed(50n))],
    })
    const { amount } = new Transfer(order, terms(fixed(100n)))
    assertAmounts(amount, {
      platformFee: 100n,
      platformFeeVat: 10n,
      additionalFee: 50n,
      additionalFeeVat: 5n,
      discountShare: 50n,
      settlement: 785n,
    })
  })
})

describe('goods that are free of tax', () => {
  const order = byAmount(10_000n, { taxFreeAmount: 4_000n, discounts: [discount('half', 2_000n, 50, 1_000n)] })

  it('bear no VAT, and their part of the settlement is kept exact until it is rounded', () => {
    const { amount } = new Transfer(order, tenPercent)
    assertAmounts(amount, {
      payment: 8_000n,
      paymentTaxFree: 3_000n,
      paymentVat: 454n,
      paymentSupply: 4_546n,
      platformFee: 1_000n,
      platformFeeVat: 100n,
      discountShare: 1_000n,
      discountShareTaxFree: 500n,
      settlement: 7_900n,
      settlementTaxFree: 3_060n,
    })
  })

  it('are left out of the VAT that a contract takes off', () => {
    const { amount } = new Transfer(order, terms(rate(10), { subtractPaymentVatAmount: true }))
    assertAmounts(amount, { paymentVatBurden: 454n, settlement: 7_446n, settlementTaxFree: 2_878n })
  })

  it('settle a negative part where fees exceed the order, which is rounded towards zero', () => {
    // (−30 + 0) × 3/7 is −12.85….
    const order = byAmount(70n, { taxFreeAmount: 30n })
    assertAmounts(new Transfer(order, terms(fixed(100n), { vatPayer: 'MERCHANT' })).amount, {
      settlement: -30n,
      settlementTaxFree: -12n,
    })
  })

  it('settle no less than nothing where more is taken off them than their part, and no more than all', () => {
    const all = (amount: bigint, taxFree: bigint) => ({ discounts: [discount('all', amount, 100, taxFree)] })
    // (39,000 + 50,000) × 1/2 − 50,000 is −5,500: the customer paid for taxable goods only.
    const coupon = new Transfer(byAmount(100_000n, { taxFreeAmount: 50_000n, ...all(50_000n, 50_000n) }), tenPercent)
    assertAmounts(coupon.amount, { paymentTaxFree: 0n, settlement: 39_000n, settlementTaxFree: 0n })
    // (79,000 + 10,000) × 9/10 is 80,100.
    const taxable = new Transfer(byAmount(100_000n, { taxFreeAmount: 90_000n, ...all(10_000n, 0n) }), tenPercent)
    assertAmounts(taxable.amount, { paymentTaxFree: 90_000n, settlement: 79_000n, settlementTaxFree: 79_000n })
    for (const [{ amount }, added] of [
      [coupon, 3_900n],
      [taxable, 0n],
    ] as const) {
      const payout = payoutAmounts({
        ...{ ...amount, taxation: 'VAT_BUSINESS', settlementAmountType: 'NET' },
        ...{ deductWht: false, isKrw: true, vatRoundType: 'DOWN' },
      })
      assert.deepEqual([payout.vatAmount, payout.amount], [added, amount.settlement + added])
    }
  })

  it('settle a part of it whatever the formula of the tax-free part is', () => {
    for (const [formula, settlementTaxFree] of [
      ['SETTLEMENT_AMOUNT * 2', 890n],
      ['ORDER_TAX_FREE_AMOUNT - ORDER_AMOUNT', 0n],
      ['ORDER_TAX_FREE_AMOUNT', 400n],
    ] as const) {
      const own = calculator({ settlementTaxFree: { formula, roundType: 'DOWN' } })
      const { amount } = new Transfer(byAmount(1_000n, { taxFreeAmount: 400n }), terms(rate(10), { calculator: own }))
      assertAmounts(amount, { settlement: 890n, settlementTaxFree })
    }
  })
})

describe('a cancellation of another mix than the order', () => {
  it('leaves tax-free goods a tax-free part, so that the VAT of the rest is that of the rest', () => {
    const transfer = new Transfer(
      byAmount(64_421n, { taxFreeAmount: 34_091n }),
      terms(rate(3.333), { vatPayer: 'MERCHANT', subtractPaymentVatAmount: true }),
    )
    for (const [amount, taxFreeAmount] of [
      [44_385n, 29_996n],
      [17_573n, 3_926n],
      [92n, 92n],
    ] as const)
      transfer.cancel(cancelAmount(amount, { taxFreeAmount }))
    const { settlement, settlementTaxFree } = transfer.remainder.amount
    assert.deepEqual([settlement, settlementTaxFree], [2_082n, 0n])
    const payout = payoutAmounts({
      ...{ settlement, settlementTaxFree, taxation: 'VAT_BUSINESS', settlementAmountType: 'NET' },
      ...{ deductWht: false, isKrw: true, vatRoundType: 'DOWN' },
    })
    assert.deepEqual([payout.taxFreeAmount, payout.supplyAmount, payout.vatAmount], [0n, 2_082n, 208n])
  })

  it('takes back no tax-free part that the order does not have', () => {
    const transfer = new Transfer(
      byAmount(1_000n, { taxFreeAmount: 100n }),
      terms(fixed(990n), { vatPayer: 'MERCHANT' }),
    )
    assertAmounts(transfer.amount, { settlement: 10n, settlementTaxFree: 1n })
    const cancel = transfer.cancel(cancelAmount(100n, { taxFreeAmount: 100n }))
    assertAmounts(cancel.amount, { settlement: 1n, settlementTaxFree: 1n })
    assertAmounts(transfer.cancel(cancelAmount(500n)).amount, { settlement: 5n, settlementTaxFree: 0n })
    assertAmounts(transfer.cancel(cancelAll).amount, { settlement: 4n, settlementTaxFree: 0n })
  })
})

describe('rounding', () => {
  const order = byAmount(9_999n, {
    discounts: [discount('third', 777n, 33.333)],
    additionalFees: [additionalFee('pg', rate(0.29))],
  })
  for (const [roundType, platformFee, addFee, share, settlement] of [
    ['DOWN', 334n, 28n, 258n, 9_344n],
    ['OFF', 335n, 29n, 259n, 9_341n],
    ['UP', 335n, 29n, 259n, 9_341n],
  ] as const)
    it(`${roundType} applies to each fee and share`, () => {
      const { amount } = new Transfer(order, terms(rate(3.35), { calculator: roundedBy(roundType) }))
      assertAmounts(amount, {
        platformFee,
        platformFeeVat: 33n,
        additionalFee: addFee,
        additionalFeeVat: 2n,
        discountShare: share,
        payment: 9_222n,
        paymentVat: 838n,
        paymentSupply: 8_384n,
        settlement,
      })
    })

  it('ends in the cancellation that takes the last unit', () => {
    const transfer = new Transfer(byLines([line('A', 3_333n, 3n)]), terms(rate(3.33)))
    assertAmounts(transfer.amount, { order: 9_999n, platformFee: 332n, platformFeeVat: 33n, settlement: 9_634n })
    for (const [platformFee, settlement, left] of [
      [110n, 3_212n, 6_422n],
      [110n, 3_212n, 3_210n],
      [112n, 3_210n, 0n],
    ] as const) {
      const { amount } = transfer.cancel(cancelUnits('A', 1n))
      assertAmounts(amount, { order: 3_333n, platformFee, platformFeeVat: 11n, settlement })
      assert.equal(transfer.remainder.amount.settlement, left)
    }
  })
})

describe('a fixed fee', () => {
  it('goes back in proportion to what is cancelled, and its rest with the rest', () => {
    const transfer = new Transfer(byAmount(10_000n), terms(fixed(500n)))
    assertAmounts(transfer.amount, { platformFee: 500n, platformFeeVat: 50n, settlement: 9_450n })
    assertAmounts(transfer.cancel(cancelAmount(2_500n)).amount, {
      platformFee: 125n,
      platformFeeVat: 12n,
      settlement: 2_363n,
    })
    assertAmounts(transfer.cancel(cancelAmount(7_500n)).amount, {
      platformFee: 375n,
      platformFeeVat: 38n,
      settlement: 7_087n,
    })
  })

  it('is shared by lines, the last taking the rest of the fee and of its VAT', () => {
    const order = byLines([line('A', 1_000n, 1n), line('B', 1_000n, 1n), line('C', 1_000n, 1n)])
    const { original } = new Transfer(order, terms(fixed(100n)))
    assert.deepEqual(
      original.settlement.lines.map(({ amount }) => [amount.platformFee, amount.platformFeeVat]),
      [
        [33n, 3n],
        [33n, 3n],
        [34n, 4n],
      ],
    )
  })

  it('on a line goes back in proportion to the line, not to the order', () => {
    const fees = [additionalFee('packing', fixed(300n))]
    const order = byLines([line('A', 1_000n, 3n, { additionalFees: fees }), line('B', 7_000n, 1n)])
    const transfer = new Transfer(order, tenPercent)
    assertAmounts(transfer.cancel(cancelUnits('A', 1n)).amount, { additionalFee: 100n, additionalFeeVat: 10n })
    assertAmounts(transfer.cancel(cancelUnits('A', 2n)).amount, { additionalFee: 200n, additionalFeeVat: 20n })
  })
})

describe('another currency', () => {
  it('is computed in its minor unit: an order of $123.45 settles $113.98', () => {
    const order = byAmount(12_345n, { discounts: [discount('half', 1_000n, 50)] })
    assertAmounts(new Transfer(order, terms(rate(3.3))).amount, {
      platformFee: 407n,
      platformFeeVat: 40n,
      discountShare: 500n,
      payment: 11_345n,
      settlement: 11_398n,
    })
  })
})

describe('two partners of one payment', () => {
  it('settle their parts each', () => {
    const parts = [5_000n, 5_000n].map((amount) => new Transfer(byAmount(amount), tenPercent).amount)
    for (const amount of parts) assertAmounts(amount, { platformFee: 500n, platformFeeVat: 50n, settlement: 4_450n })
    assert.equal(
      parts.reduce((sum, { payment }) => sum + payment, 0n),
      10_000n,
    )
  })
})

describe('formulas of the platform’s own', () => {
  it('may use parameters and one another, and the settlement may use them', () => {
    const own = calculator(
      {
        userDefined: [
          { key: 'support', formula: 'ORDER_AMOUNT * supportRate', roundType: 'OFF' },
          { key: 'doubled', formula: 'support * 2', roundType: 'DOWN' },
        ],
        settlement: { formula: `${defaultCalculator.settlement.formula} + doubled`, roundType: 'DOWN' },
      },
      ['supportRate'],
    )
    const parameters = new Map([['supportRate', { numerator: 1n, denominator: 1_000n }]])
    const transfer = new Transfer(byAmount(10_500n), terms(rate(10), { calculator: own, parameters }))
    assert.deepEqual(transfer.amount.userDefinedFormulas, { support: 11n, doubled: 22n })
    assertAmounts(transfer.amount, { settlement: 10_500n - 1_050n - 105n + 22n })
    assert.deepEqual(transfer.cancel(cancelAmount(500n)).amount.userDefinedFormulas, { support: 1n, doubled: 2n })
    assert.deepEqual(transfer.cancel(cancelAll).amount.userDefinedFormulas, { support: 10n, doubled: 20n })
  })

  it('never make the platform pay a fee', () => {
    const own = calculator({ platformFee: { formula: 'ORDER_AMOUNT * FIXED_RATE - 500', roundType: 'DOWN' } })
    assertAmounts(new Transfer(byAmount(1_000n), terms(rate(10), { calculator: own })).amount, { platformFee: 0n })
  })
})

describe('a payout', () => {
  const business = { taxation: 'VAT_BUSINESS', deductWht: true, isKrw: true, vatRoundType: 'DOWN' } as const
  for (const [type, taxFree, supply, vat, amount] of [
    ['GROSS', 300_000n, 636_364n, 63_636n, 1_000_000n],
    ['NET', 300_000n, 700_000n, 70_000n, 1_070_000n],
    ['GROSS', 0n, 909_091n, 90_909n, 1_000_000n],
    ['NET', 0n, 1_000_000n, 100_000n, 1_100_000n],
  ] as const)
    it(`of 1,000,000 ${type}, ${taxFree} of it free of tax, is ${amount}`, () =>
      assert.deepEqual(
        payoutAmounts({
          ...business,
          settlement: 1_000_000n,
          settlementTaxFree: taxFree,
          settlementAmountType: type,
        }),
        {
          supplyAmount: supply,
          taxFreeAmount: taxFree,
          vatAmount: vat,
          incomeTaxAmount: 0n,
          localIncomeTaxAmount: 0n,
          amount,
        },
      ))

  it('to a tax-free business is free of tax, net or gross', () => {
    for (const settlementAmountType of ['GROSS', 'NET'] as const)
      assert.deepEqual(
        payoutAmounts({
          ...business,
          taxation: 'TAX_FREE_BUSINESS',
          settlement: 1_000n,
          settlementTaxFree: 300n,
          settlementAmountType,
        }),
        {
          supplyAmount: 0n,
          taxFreeAmount: 1_000n,
          vatAmount: 0n,
          incomeTaxAmount: 0n,
          localIncomeTaxAmount: 0n,
          amount: 1_000n,
        },
      )
  })

  const person = { ...business, taxation: 'WHT_PAYER', settlementTaxFree: 0n, settlementAmountType: 'GROSS' } as const
  for (const [settlement, incomeTax, localIncomeTax, amount] of [
    [1_000_000n, 30_000n, 3_000n, 967_000n],
    [14_669n, 440n, 40n, 14_189n],
    [6_889n, 200n, 20n, 6_669n],
    [3_440n, 100n, 10n, 3_330n],
    [333_333n, 9_990n, 990n, 322_353n],
    [333n, 0n, 0n, 333n],
    [0n, 0n, 0n, 0n],
  ] as const)
    it(`of ${settlement} to a person withholds ${incomeTax} and ${localIncomeTax}`, () => {
      assert.deepEqual(withhold(settlement), { incomeTaxAmount: incomeTax, localIncomeTaxAmount: localIncomeTax })
      assert.equal(payoutAmounts({ ...person, settlement }).amount, amount)
    })

  it('adds no VAT to what a person is paid net', () =>
    assert.equal(payoutAmounts({ ...person, settlement: 1_000_000n, settlementAmountType: 'NET' }).amount, 967_000n))

  for (const [name, change] of [
    ['from a person who is not withheld from', { taxation: 'NON_WHT_PAYER' }],
    ['where the platform does not deduct', { deductWht: false }],
    ['in another currency than won', { isKrw: false }],
  ] as const)
    it(`withholds nothing ${name}`, () => {
      const payout = payoutAmounts({ ...person, ...change, settlement: 1_000_000n })
      assert.deepEqual([payout.incomeTaxAmount, payout.localIncomeTaxAmount, payout.amount], [0n, 0n, 1_000_000n])
    })

  it('nets orders, cancellations and manual transfers', () => {
    const settled = (manual: bigint) =>
      net([
        { type: 'ORDER', settlement: 8_900n, settlementTaxFree: 100n },
        { type: 'ORDER_CANCEL', settlement: 4_450n, settlementTaxFree: 50n },
        { type: 'MANUAL', settlement: manual, settlementTaxFree: 0n },
      ])
    assert.deepEqual(settled(-1_000n), { settlement: 3_450n, settlementTaxFree: 50n })
    assert.equal(settled(-5_000n).settlement, -550n)
  })
})
