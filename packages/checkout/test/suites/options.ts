import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChannelGroup } from '../../../server/src/merchants/setup.ts'
import { addChannel } from '../../../server/test/support/channels.ts'
import { newPromotion } from '../../../server/test/support/promotions.ts'
import { agree, fillCard, paymentOf, type Stage, shopperOf, submit, succeeded } from '../support/stage.ts'

/** What a shop's request can ask of the page besides the way to pay. */
export const optionsSuite = (stage: Stage): void => {
  test('a promotion: the page shows both prices, the card is the promotion’s, and the lower one is charged, or says that it takes nothing off', async () => {
    const store = await stage.naru.newStore()
    const promotionId = await newPromotion(store, { totalBudget: 5_000 })
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store, { promotionId, card: { cardCompany: 'SHINHAN_CARD' } })
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.getByText('50,000').first().waitFor()
    await shopper.checkout.getByText('45,000').first().waitFor()
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    const { items } = await store.api.call('getSandboxLedger', { query: { paymentId: payment.paymentId } })
    assert.deepEqual(
      items.map(({ amount }) => amount),
      [45_000],
    )
    await shopper.ask('requestPayment', { ...payment, paymentId: `${payment.paymentId}-2` })
    await shopper.checkout.getByText('지금은 행사 할인을 받을 수 없어 할인 없이 결제됩니다.').waitFor()
    await shopper.checkout.getByText('50,000').first().waitFor()
  })

  test('instalments, those without interest and points are what the payment has', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const installment = {
      monthOption: { availableMonthList: [3] },
      freeInstallmentPlans: [{ cardCompany: 'CARD_COMPANY_SHINHAN_CARD', months: [3] }],
    }
    const payment = paymentOf(store, { card: { installment, useCardPoint: true } })
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await shopper.checkout.getByLabel('카드사').selectOption('SHINHAN_CARD')
    const months = shopper.checkout.getByLabel('할부')
    assert.deepEqual(await months.locator('option').allTextContents(), ['일시불', '2개월', '3개월 (무이자)'])
    await months.selectOption('3')
    assert.ok(await shopper.checkout.getByRole('checkbox', { name: '카드 포인트 사용' }).isChecked())
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    if (!('method' in paid) || paid.method?.type !== 'PaymentMethodCard') return assert.fail(String(paid.status))
    assert.deepEqual(paid.method.installment, {
      month: 3,
      isInterestFree: true,
      isInterestFreeFromMerchant: true,
    })
    assert.equal(paid.method.pointUsed, true)
  })

  test('what is too small for instalments is a single charge, whatever the shop allows', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const card = { installment: { monthOption: { availableMonthList: [2, 3] } } }
    await shopper.ask('requestPayment', paymentOf(store, { totalAmount: 49_999, card }))
    await fillCard(shopper.checkout)
    assert.equal(await shopper.checkout.getByLabel('할부').count(), 0)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('escrow, what the shop keeps with the order, and a forced outcome', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const products = [{ id: 'box', name: '귤', amount: 50_000, quantity: 1 }]
    const others = { isEscrow: true, products, customData: { order: 7 }, payMethod: 'TRANSFER' }
    const payment = paymentOf(store, others)
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.getByLabel('은행').selectOption('SHINHAN')
    await shopper.checkout.getByLabel('계좌번호').fill('110123456789')
    await shopper.checkout.locator('[autocomplete=name]').fill('김나루')
    await shopper.checkout.locator('[autocomplete=tel]').fill('01012345678')
    await shopper.checkout.locator('[autocomplete=email]').fill('naru@example.com')
    await agree(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal('escrow' in paid && paid.escrow?.status, 'BEFORE_REGISTERED')
    assert.equal('customData' in paid && paid.customData, '{"order":7}')
    const forced = paymentOf(store, { bypass: { sandbox: { testCode: 'decline-lost' } } })
    await shopper.ask('requestPayment', forced)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    assert.equal((await shopper.outcome()).value?.pgCode, 'SBX_LOST_CARD')
  })

  test('a channel group draws one of its channels, and the payment says which', async () => {
    const store = await stage.naru.newStore()
    const { storeId, channelKey } = store
    const second = await addChannel(stage.naru, storeId, 'NICE_V2')
    const members = [
      { channelKey, percentage: 50 },
      { channelKey: second, percentage: 50 },
    ]
    const { sql } = stage.naru.database
    const channelGroupId = await createChannelGroup(sql, { storeId, name: 'Half', isForTest: true, members })
    await using shopper = await shopperOf(stage)
    const { channelKey: _, ...payment } = paymentOf(store, { channelGroupId })
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal('channelGroup' in paid && paid.channelGroup?.id, channelGroupId)
    assert.ok('channel' in paid && [channelKey, second].includes(paid.channel.key ?? ''))
  })
}
