import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestStore } from '../../../server/test/support/naru.ts'
import { phone } from '../support/browser.ts'
import { type AskedFor, byRedirect, type Manner, openedAt, storeWithWindow } from '../support/own-window.ts'
import { paymentOf, popupBy, type Stage, shopperOf, succeeded } from '../support/stage.ts'

let asked = 0

/** What shops ask for beside payments, how the promise ends, and whether it came of it. */
type Kind = AskedFor & {
  readonly call: string
  readonly button: string
  readonly leftWords: RegExp
  readonly came: () => Promise<boolean>
}

const storing = (store: TestStore, others: object = {}): Kind => {
  const { storeId, channelKey, portone } = store
  return {
    kind: 'ISSUE_BILLING_KEY',
    call: 'requestIssueBillingKey',
    button: '등록하기',
    leftWords: / 결제 수단 등록을 취소했습니다$/,
    request: { storeId, channelKey, billingKeyMethod: 'CARD', issueName: '구독', ...others },
    came: async () => (await portone.payment.billingKey.getBillingKeyInfos({})).items.length > 0,
  }
}

const storingAndPaying = (store: TestStore, others: object = {}): Kind => {
  const { payMethod: _, ...payment } = paymentOf(store)
  const read = async () => {
    const { items } = await store.portone.payment.getPayments({ filter: { status: ['PAID'] } })
    return items.some((paid) => 'id' in paid && paid.id === payment.paymentId)
  }
  return {
    kind: 'ISSUE_BILLING_KEY_AND_PAY',
    call: 'requestIssueBillingKeyAndPay',
    button: '등록하기',
    leftWords: / 결제를 취소했습니다$/,
    request: { ...payment, billingKeyAndPayMethod: 'CARD', productType: 'REAL', ...others },
    came: read,
  }
}

const identifying = (store: TestStore, others: object = {}): Kind => {
  const { storeId, channelKey, portone } = store
  const identityVerificationId = `window-${process.pid}-${asked++}`
  return {
    kind: 'IDENTITY_VERIFICATION',
    call: 'requestIdentityVerification',
    button: '인증하기',
    leftWords: / 본인인증을 취소했습니다$/,
    request: { storeId, channelKey, identityVerificationId, ...others },
    came: async () =>
      (await portone.identityVerification.getIdentityVerification({ identityVerificationId })).status === 'VERIFIED',
  }
}

const kinds = {
  'a billing key': storing,
  'a billing key with a first payment': storingAndPaying,
  'an identity': identifying,
}

const inBrowser: readonly (readonly [Manner, typeof storing])[] = [
  [{ window: 'redirect', windowReturn: 'POST' }, storing],
  [{ window: 'form', windowReturn: 'GET' }, storingAndPaying],
  [{ window: 'script', windowReturn: 'POST' }, identifying],
]

/** The PG's own window, where a shopper stores a method or proves who they are. */
export const pgWindowKindsSuite = (stage: Stage): void => {
  for (const [manner, make] of inBrowser)
    test(`${make.name} by ${manner.window} and back by ${manner.windowReturn}: left at the PG, then agreed to there`, async () => {
      const store = await storeWithWindow(stage, manner)
      await using shopper = await shopperOf(stage)
      const pg = manner.window === 'script' ? shopper.checkout.frameLocator('iframe') : shopper.checkout
      const wanted = make(store)
      await shopper.ask(wanted.call, wanted.request)
      await pg.getByRole('button', { name: '취소' }).click()
      const { value } = await shopper.outcome()
      assert.deepEqual([value?.transactionType, value?.pgCode], [wanted.kind, 'PAY_PROCESS_CANCELED'])
      assert.match(String(value?.message), wanted.leftWords)
      await shopper.ask(wanted.call, wanted.request)
      await pg.getByRole('button', { name: wanted.button }).click()
      if (make === identifying) {
        await pg.locator('[autocomplete=one-time-code]').fill('000000')
        await pg.getByRole('button', { name: wanted.button }).click()
      }
      assert.equal(succeeded(await shopper.outcome()).transactionType, wanted.kind)
      assert.ok(await wanted.came())
    })

  test('on a phone the ids come back by redirect; three wrong codes end the PG’s window; a script’s button stores PayPal', async () => {
    const store = await storeWithWindow(stage, byRedirect)
    await using shopper = await shopperOf(stage, phone)
    const { page } = shopper
    const wanted = identifying(store, { redirectUrl: `${stage.shop.url}/done` })
    await shopper.ask(wanted.call, wanted.request)
    for (const code of [undefined, '111111', '222222', '333333']) {
      if (code) await page.locator('[autocomplete=one-time-code]').fill(code)
      await page.getByRole('button', { name: '인증하기' }).click()
      if (code && code !== '333333') await page.getByRole('alert').waitFor()
    }
    await page.waitForURL(/\/done\?/)
    const { pgCode, identityVerificationId, identityVerificationTxId } = Object.fromEntries(
      new URL(page.url()).searchParams,
    )
    assert.equal(pgCode, 'SBX_OTP_WRONG')
    assert.ok(identityVerificationId && identityVerificationTxId)
    const paypal = await storeWithWindow(stage, { ...byRedirect, pgProvider: 'PAYPAL_V2' })
    await page.goto(stage.shop.url)
    await page.waitForFunction(() => 'shop' in globalThis)
    const { storeId, channelKey } = paypal
    await page.evaluate(
      (request) => {
        const { PortOne } = Object(shop)
        const { promise, resolve } = Promise.withResolvers<object>()
        Object.assign(shop, { stored: promise })
        return PortOne.loadIssueBillingKeyUI(request, {
          onIssueBillingKeySuccess: resolve,
          onIssueBillingKeyFail: resolve,
        })
      },
      { uiType: 'PAYPAL_RT', storeId, channelKey, billingKeyMethod: 'PAYPAL' },
    )
    const popup = await popupBy(shopper, () => page.getByRole('button', { name: /PayPal/ }).click())
    await popup.getByRole('button', { name: '등록하기' }).click()
    const stored = Object(await page.evaluate(() => Object(shop).stored))
    assert.equal('code' in stored, false)
    const info = await paypal.portone.payment.billingKey.getBillingKeyInfo({ billingKey: String(stored.billingKey) })
    assert.equal(info.status, 'ISSUED')
  })

  test('a one-time code of the PG’s window is good in that window alone, for who it was sent to, for five minutes', async () => {
    const store = await storeWithWindow(stage, byRedirect)
    await store.api.call('stopSandboxClock')
    const byPhone = { payMethod: 'MOBILE', productType: 'DIGITAL' }
    const storedByPhone = { billingKeyMethod: 'MOBILE' }
    for (const make of [
      () => ({ kind: 'PAYMENT', request: paymentOf(store, byPhone) }),
      () => storing(store, storedByPhone),
      () => identifying(store),
    ]) {
      const wanted = make()
      const [mine, theirs] = [await openedAt(stage, wanted), await openedAt(stage, make())]
      const step = async (window: typeof mine, phone: string, otp?: string) => {
        const answer = await window.atPg({ step: 'agree', phone, ...(otp && { otp }) })
        const [, told] = /role="alert">([^<]*)/.exec(await answer.text()) ?? []
        return answer.headers.has('location') ? 'through' : told
      }
      const [number, other] = ['01012345678', '01087654321']
      assert.equal(await step(mine, number), undefined)
      assert.equal(await step(theirs, number, '000000'), undefined, 'none was sent in this one')
      assert.match(String(await step(mine, other, '000000')), /입력 정보가 바뀌어/)
      assert.match(String(await step(mine, number, '000000')), /입력 정보가 바뀌어/)
      assert.match(String(await step(mine, number, '111111')), /맞지 않습니다/)
      await store.advance({ minutes: 5 })
      assert.match(String(await step(mine, number, '000000')), /유효 시간이 지나/)
      assert.deepEqual(await Promise.all([1, 2].map(() => step(mine, number, '000000'))), ['through', 'through'])
      await mine.returnWith({ sbxWindow: mine.windowId })
      assert.equal('code' in (await mine.state()), false)
      assert.equal(await theirs.step(), 'FORM')
    }
  })

  for (const [name, make] of Object.entries(kinds)) {
    const agreed = { step: 'agree', otp: '000000', phone: '01012345678' }

    test(`${name}: what was not agreed to at the PG, or too late, or elsewhere, counts for nothing`, async () => {
      const store = await storeWithWindow(stage, byRedirect)
      const [mine, theirs, late] = [make(store), make(store), make(store)]
      const opened = await openedAt(stage, mine)
      for (const method of ['GET', 'POST'] as const)
        for (const fields of [{}, { sbxWindow: opened.windowId, sbxResult: 'OK' }, { sbxWindow: 'nonsense' }])
          assert.equal((await opened.returnWith(fields, method)).status, 303)
      const other = await openedAt(stage, theirs)
      await other.agreeAtPg(agreed)
      await opened.returnWith({ sbxWindow: other.windowId, sbxResult: 'OK' })
      await opened.post('submit', { token: opened.token, customer: {}, otp: '000000' })
      assert.equal(await opened.step(), 'FORM')
      assert.equal(await mine.came(), false)
      // Who closes the window has closed it, whatever the PG says afterwards.
      await opened.agreeAtPg(agreed)
      assert.equal((await opened.close()).pgCode, 'PAY_PROCESS_CANCELED')
      await opened.returnWith({ sbxWindow: opened.windowId })
      assert.equal(await mine.came(), false)
      const tooLate = await openedAt(stage, late)
      await tooLate.agreeAtPg(agreed)
      await store.advance({ minutes: 31 })
      await tooLate.returnWith({ sbxWindow: tooLate.windowId })
      assert.equal(await tooLate.step(), 'EXPIRED')
      assert.equal((await tooLate.close()).pgCode, 'PAY_PROCESS_EXPIRED')
      assert.equal(await late.came(), false)
    })

    test(`${name}: returning twice, at once and afterwards, is one result; a lost answer of the PG is none`, async () => {
      const store = await storeWithWindow(stage, byRedirect)
      const wanted = make(store)
      const opened = await openedAt(stage, wanted)
      const fields = Object.fromEntries(new URL(await opened.agreeAtPg(agreed)).searchParams)
      await Promise.all((['GET', 'POST', 'GET', 'POST'] as const).map((method) => opened.returnWith(fields, method)))
      const result = await opened.state()
      assert.equal(result.transactionType, wanted.kind)
      assert.equal('code' in result, false, JSON.stringify(result))
      await opened.returnWith(fields)
      assert.deepEqual(await opened.state(), result)
      assert.ok(await wanted.came())
      const lost = make(store, { bypass: { sandbox: { testCode: 'server-error' } } })
      const unanswered = await openedAt(stage, lost)
      await unanswered.agreeAtPg({ ...agreed, outcome: 'approve' })
      await unanswered.returnWith({ sbxWindow: unanswered.windowId })
      assert.equal((await unanswered.state()).code, 'PORTONE_ERROR')
      // A PG that takes no order opens no window.
      const down = make(store, { bypass: { sandbox: { testCode: 'maintenance' } } })
      const refused = await opened.post('attempts', { kind: down.kind, device: 'PC', request: down.request })
      assert.deepEqual([refused.code, refused.pgCode], ['PGProviderError', 'SBX_MAINTENANCE'])
    })
  }

  test('another amount than the order’s at the PG stores nothing and charges nothing', async () => {
    const store = await storeWithWindow(stage, byRedirect)
    const wanted = storingAndPaying(store)
    const opened = await openedAt(stage, wanted)
    // As a PG would say whose order was changed on its side.
    await stage.naru.database.sql`
      update sandbox_windows set contents = jsonb_set(contents, '{order,charge,amount}', '1')
      where store_id = ${store.storeId}`
    await opened.agreeAtPg()
    await opened.returnWith({ sbxWindow: opened.windowId })
    assert.equal((await opened.state()).code, 'PORTONE_ERROR')
    assert.equal(await wanted.came(), false)
    assert.equal((await store.portone.payment.billingKey.getBillingKeyInfos({})).items.length, 0)
  })
}
