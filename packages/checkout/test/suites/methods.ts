import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEncryption, newEncryptionKey } from '../../../server/src/kernel/encryption.ts'
import { createChannel } from '../../../server/src/merchants/setup.ts'
import { desktop } from '../support/browser.ts'
import {
  agree,
  fillCard,
  ownClock,
  paymentOf,
  type Shopper,
  type Stage,
  shopperOf,
  submit,
  succeeded,
} from '../support/stage.ts'

/** What a shopper does on the page before agreeing. */
type Fill = (page: Shopper['checkout']) => Promise<void>

const methods: Readonly<Record<string, { readonly fill: Fill; readonly status: string; readonly otp?: true }>> = {
  TRANSFER: {
    status: 'PAID',
    fill: async (page) => {
      await page.getByLabel('은행').selectOption('SHINHAN')
      await page.getByLabel('계좌번호').fill('110123456789')
      await page.locator('[autocomplete=name]').fill('김나루')
      await page.getByLabel('현금영수증').selectOption('PERSONAL')
      await page.getByLabel('휴대폰 번호').fill('01012345678')
    },
  },
  EASY_PAY: { status: 'PAID', fill: (page) => page.getByRole('radio', { name: '카카오페이' }).check() },
  MOBILE: {
    status: 'PAID',
    otp: true,
    fill: async (page) => {
      await page.getByLabel('통신사').selectOption('SKT')
      await page.locator('[autocomplete=name]').fill('김나루')
      await page.locator('[name=birthSeven]').fill('9001011')
      await page.locator('[autocomplete=tel]').fill('01012345678')
    },
  },
  GIFT_CERTIFICATE: {
    status: 'PAID',
    fill: async (page) => {
      await page.getByLabel('상품권 종류').selectOption('CULTURELAND')
      await page.getByLabel('상품권 번호').fill('1234567890123456')
    },
  },
  PAYPAL: { status: 'PAID', fill: async () => undefined },
  ALIPAY: { status: 'PAID', fill: async () => undefined },
  ALIPAY_PLUS: {
    status: 'PAID',
    fill: (page) =>
      page
        .getByRole('radio', { name: 'GCash' })
        .or(page.getByRole('radio', { name: '지캐시' }))
        .check(),
  },
}

export const methodsSuite = (stage: Stage): void => {
  for (const [payMethod, { fill, status, otp }] of Object.entries(methods))
    test(`${payMethod} is paid in the page, and reads ${status} afterwards`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage)
      const payment = paymentOf(store, { payMethod, productType: 'PRODUCT_TYPE_DIGITAL' })
      await shopper.ask('requestPayment', payment)
      await fill(shopper.checkout)
      await agree(shopper.checkout)
      await submit(shopper.checkout)
      if (otp) {
        await shopper.checkout.locator('[autocomplete=one-time-code]').fill('111111')
        await submit(shopper.checkout)
        await shopper.checkout.getByRole('alert').waitFor()
        await shopper.checkout.locator('[autocomplete=one-time-code]').fill('000000')
        await submit(shopper.checkout)
      }
      succeeded(await shopper.outcome())
      const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
      assert.equal(paid.status, status)
    })

  test('a virtual account is shown before the shop hears of it, and the deposit pays it', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const virtualAccount = { accountExpiry: { validHours: 24 }, availableBanks: ['BANK_SHINHAN_BANK', 'KOOKMIN_BANK'] }
    const payment = paymentOf(store, { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount })
    await shopper.ask('requestPayment', payment)
    await shopper.checkout.getByLabel('은행').selectOption('SHINHAN')
    await shopper.checkout.locator('[autocomplete=name]').fill('김나루')
    await agree(shopper.checkout)
    await submit(shopper.checkout)
    await shopper.checkout.getByRole('heading', { name: '가상계좌가 발급되었습니다' }).waitFor()
    const issued = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    if (issued.status !== 'VIRTUAL_ACCOUNT_ISSUED' || issued.method?.type !== 'PaymentMethodVirtualAccount')
      return assert.fail(String(issued.status))
    await shopper.checkout.getByText(issued.method.accountNumber).waitFor()
    await shopper.checkout.getByText('신한은행').waitFor()
    await shopper.checkout.getByRole('button', { name: '확인' }).click()
    succeeded(await shopper.outcome())
    await store.api.call('depositSandboxPayment', { path: { paymentId: payment.paymentId }, body: {} })
    assert.equal((await store.portone.payment.getPayment({ paymentId: payment.paymentId })).status, 'PAID')
  })

  test('a convenience store is paid later, with a number that the page shows', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const payment = paymentOf(store, { payMethod: 'CONVENIENCE_STORE', locale: 'EN_US' })
    await shopper.ask('requestPayment', payment)
    await agree(shopper.checkout)
    await submit(shopper.checkout)
    await shopper.checkout.getByText('Your payment number is ready').waitFor()
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
    assert.equal((await store.portone.payment.getPayment({ paymentId: payment.paymentId })).status, 'PAY_PENDING')
  })

  test('a deadline is told in Korean time, and says so where the shopper’s clock shows another', async () => {
    const store = await stage.naru.newStore()
    const endsOf = async (timezoneId: string, locale: string) => {
      await using shopper = await shopperOf(stage, { ...desktop, timezoneId })
      await shopper.ask('requestPayment', paymentOf(store, { payMethod: 'CONVENIENCE_STORE', locale }))
      await agree(shopper.checkout)
      await submit(shopper.checkout)
      return (await shopper.checkout.locator('time').innerText()).replaceAll(/[\d\s]+/g, ' ')
    }
    assert.match(await endsOf('America/New_York', 'EN_US'), /[AP]M KST$/)
    assert.match(await endsOf('America/New_York', 'KO_KR'), / \(한국 시간\)$/)
    assert.match(await endsOf('Asia/Tokyo', 'EN_US'), /[AP]M$/)
  })

  test('the page speaks Korean unless it is asked for another language, and English for those that it has not got', async () => {
    const store = await stage.naru.newStore()
    const languages = { KO_KR: 'ko', EN_US: 'en', ZH_CN: 'en', LOCALE_JA_JP: 'en' }
    for (const [locale, language] of [[undefined, 'ko'] as const, ...Object.entries(languages)]) {
      await using shopper = await shopperOf(stage)
      await shopper.ask('requestPayment', paymentOf(store, { locale }))
      await shopper.checkout.locator('[autocomplete=cc-number]').waitFor()
      assert.equal(await shopper.checkout.locator('html').getAttribute('lang'), language, locale)
    }
  })

  test('crypto shows what to send and where, goes on by itself once it has arrived, and fails after its time', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage, ownClock())
    const { clock } = shopper.page
    await clock.install()
    const ask = async (others: object = {}) => {
      const payment = paymentOf(store, { payMethod: 'CRYPTO', ...others })
      await shopper.ask('requestPayment', payment)
      await agree(shopper.checkout)
      await submit(shopper.checkout)
      const code = shopper.checkout.getByRole('img', { name: 'QR' })
      // As large as a code of this much text is, of which some is dark.
      await code.locator('path[d^="M4 4h1"]').waitFor({ state: 'attached' })
      await shopper.checkout.getByText('50 SBX').waitFor()
      await shopper.checkout.getByText(/^sbx1[a-v0-9]{20}[0-9]{10}$/).waitFor()
      await shopper.checkout.getByText(/^(30:00|29:\d\d)$/).waitFor()
      return payment
    }
    const { paymentId } = await ask()
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAY_PENDING')
    await store.api.call('approveSandboxPayment', { path: { paymentId } })
    await clock.fastForward('00:05')
    succeeded(await shopper.outcome())
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
    const { paymentId: underpaid } = await ask({ bypass: { sandbox: { testCode: 'crypto-underpaid' } } })
    await store.advance({ seconds: 5 })
    await clock.fastForward('00:05')
    await shopper.checkout.getByText(/^25 SBX만 입금되었습니다/).waitFor()
    await store.api.call('approveSandboxPayment', { path: { paymentId: underpaid } })
    await clock.fastForward('00:05')
    succeeded(await shopper.outcome())
    // Who closes the page may have sent the coins: nothing is cancelled.
    const { paymentId: closed } = await ask()
    await shopper.checkout.getByRole('button', { name: '닫기' }).click()
    succeeded(await shopper.outcome())
    assert.equal((await store.portone.payment.getPayment({ paymentId: closed })).status, 'PAY_PENDING')
    const late = await ask()
    await store.advance({ minutes: 31 })
    await clock.fastForward('00:05')
    assert.equal((await shopper.outcome()).value?.pgCode, 'SBX_AUTH_EXPIRED')
    const failed = await store.portone.payment.getPayment({ paymentId: late.paymentId })
    assert.equal(failed.status, 'FAILED')
  })

  test('a card that its issuer challenges asks for the one-time code', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    await shopper.ask('requestPayment', paymentOf(store))
    await fillCard(shopper.checkout, '4000002500003155')
    await submit(shopper.checkout)
    await shopper.checkout.locator('[autocomplete=one-time-code]').fill('000000')
    await submit(shopper.checkout)
    succeeded(await shopper.outcome())
  })

  test('a card is stored, and the billing key that the shop gets can be charged', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { storeId, channelKey } = store
    const asked = {
      storeId,
      channelKey,
      billingKeyMethod: 'CARD',
      issueName: '구독',
      customer: { customerId: 'shopper-1' },
    }
    await shopper.ask('requestIssueBillingKey', asked)
    await fillCard(shopper.checkout)
    await shopper.checkout.getByRole('button', { name: '모두 동의했습니다' }).waitFor()
    assert.equal(await shopper.checkout.getByRole('checkbox', { name: /포인트/ }).count(), 0)
    await shopper.checkout.getByRole('button', { name: /등록/ }).click()
    const { transactionType, billingKey = '' } = succeeded(await shopper.outcome())
    assert.equal(transactionType, 'ISSUE_BILLING_KEY')
    const paymentId = `charged-${billingKey.slice(-12)}`
    await store.portone.payment.payWithBillingKey({
      paymentId,
      billingKey,
      orderName: '구독',
      amount: { total: 1_000 },
      currency: 'KRW',
    })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
  })

  test('a telephone bill is stored and charged in one step', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { payMethod: _, ...payment } = paymentOf(store)
    await shopper.ask('requestIssueBillingKeyAndPay', {
      ...payment,
      billingKeyAndPayMethod: 'PHONE',
      productType: 'REAL',
    })
    await methods.MOBILE?.fill(shopper.checkout)
    await agree(shopper.checkout)
    await submit(shopper.checkout)
    await shopper.checkout.locator('[autocomplete=one-time-code]').fill('000000')
    await submit(shopper.checkout)
    const result = succeeded(await shopper.outcome())
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal(paid.status, 'PAID')
    assert.equal(result.txId, 'transactionId' in paid && paid.transactionId)
    assert.equal('billingKey' in paid && paid.billingKey, result.billingKey)
  })

  test('a person is verified by a one-time code, and only the server learns who it is', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { storeId, channelKey } = store
    const identityVerificationId = `identity-${process.pid}-${storeId.slice(-6)}`
    await shopper.ask('requestIdentityVerification', { storeId, channelKey, identityVerificationId })
    await methods.MOBILE?.fill(shopper.checkout)
    await agree(shopper.checkout)
    await shopper.checkout.getByRole('button', { name: /인증/ }).click()
    await shopper.checkout.locator('[autocomplete=one-time-code]').fill('000000')
    await submit(shopper.checkout)
    const result = succeeded(await shopper.outcome())
    assert.deepEqual(Object.keys(result).toSorted(), [
      'identityVerificationId',
      'identityVerificationTxId',
      'transactionType',
    ])
    const verified = await store.portone.identityVerification.getIdentityVerification({ identityVerificationId })
    assert(verified.status === 'VERIFIED')
    assert.equal(verified.verifiedCustomer.name, '김나루')
    await shopper.ask('requestIdentityVerification', { storeId, channelKey, identityVerificationId })
    assert.equal((await shopper.outcome()).error?.code, 'IdentityVerificationAlreadyVerified')
  })

  test('a one-time code is sent again, and to another number once the shopper has corrected theirs', async () => {
    const store = await stage.naru.newStore()
    await using shopper = await shopperOf(stage)
    const { page, checkout } = shopper
    const { storeId, channelKey } = store
    const identityVerificationId = `corrected-${process.pid}-${storeId.slice(-6)}`
    await shopper.ask('requestIdentityVerification', { storeId, channelKey, identityVerificationId })
    await methods.MOBILE?.fill(checkout)
    await agree(checkout)
    await submit(checkout)
    await checkout.getByText('010-1234-5678').waitFor()
    const code = checkout.locator('[autocomplete=one-time-code]')
    await code.fill('111111')
    await submit(checkout)
    await checkout.locator('[autocomplete=one-time-code][aria-invalid=true]').waitFor()
    const [asked] = await Promise.all([
      page.waitForRequest('**/checkout/v1/submit'),
      checkout.getByRole('button', { name: '다시 받기' }).click(),
    ])
    assert.equal('otp' in asked.postDataJSON(), false)
    await checkout.getByText('인증번호를 다시 보냈습니다').waitFor()
    await checkout.getByRole('button', { name: '수정' }).click()
    const phoneNumber = checkout.locator('[autocomplete=tel]:focus')
    assert.equal(await phoneNumber.inputValue(), '01012345678')
    await phoneNumber.fill('010-9999-8888')
    await submit(checkout)
    await checkout.getByText('010-9999-8888').waitFor()
    await code.fill('000000')
    await submit(checkout)
    succeeded(await shopper.outcome())
    const verified = await store.portone.identityVerification.getIdentityVerification({ identityVerificationId })
    assert(verified.status === 'VERIFIED')
    assert.equal(verified.verifiedCustomer.phoneNumber, '01099998888')
  })

  for (const [locale, expired, anew, tooMany] of [
    ['KO_KR', /유효 시간이 지나 새 인증번호/, /입력 정보가 바뀌어 새 인증번호/, /여러 번 잘못 입력/],
    ['EN_US', /has expired\. We sent a new one/, /details have changed, so we sent a new code/, /wrong too many times/],
  ] as const)
    test(`${locale}: a one-time code that has expired, or was sent anew elsewhere, says so, and so does one wrong too often`, async () => {
      const store = await stage.naru.newStore()
      await using shopper = await shopperOf(stage)
      const { page, checkout } = shopper
      const code = checkout.locator('[autocomplete=one-time-code]')
      const give = async (otp: string) => {
        await code.fill(otp)
        const [asked] = await Promise.all([page.waitForRequest('**/checkout/v1/submit'), submit(checkout)])
        return asked.postDataJSON()
      }
      const ask = async () => {
        await shopper.ask('requestPayment', paymentOf(store, { locale }))
        await fillCard(checkout, '4000002500003155')
        await submit(checkout)
        await code.waitFor()
      }
      await store.api.call('stopSandboxClock')
      await ask()
      await store.advance({ minutes: 5 })
      const { otp: _, ...given } = await give('000000')
      await checkout.getByText(expired).waitFor()
      assert.equal(await code.inputValue(), '')
      // Another tab of the same window, in which something else is chosen.
      const other = JSON.stringify({ ...given, card: { ...given.card, month: 2 } })
      await fetch(`${stage.naru.url}/checkout/v1/submit`, { method: 'POST', body: other })
      await give('000000')
      await checkout.getByText(anew).waitFor()
      await give('000000')
      succeeded(await shopper.outcome())
      await ask()
      for (const otp of ['111111', '222222']) {
        await give(otp)
        await checkout.locator('[autocomplete=one-time-code][aria-invalid=true]').waitFor()
      }
      await give('333333')
      const { value } = await shopper.outcome()
      assert.equal(value?.pgCode, 'PAY_PROCESS_ABORTED')
      assert.match(String(value?.pgMessage), tooMany)
    })

  test('where the channel is confirmed by hand, the merchant gets tokens, and nothing is charged before', async () => {
    const store = await stage.naru.newStore()
    const channelKey = await createChannel(stage.naru.database.sql, createEncryption(newEncryptionKey()), {
      storeId: store.storeId,
      name: 'Confirmed by hand',
      type: 'TEST',
      adapter: 'sandbox',
      pgProvider: 'TOSSPAYMENTS',
      pgMerchantId: 'sandbox',
      manualConfirm: true,
    })
    await using shopper = await shopperOf(stage)
    const payment = paymentOf({ ...store, channelKey })
    await shopper.ask('requestPayment', payment)
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    const { paymentToken = '' } = succeeded(await shopper.outcome())
    const { paymentId } = payment
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'READY')
    await assert.rejects(store.portone.payment.confirmPayment({ paymentId, paymentToken, totalAmount: 1 }))
    await store.portone.payment.confirmPayment({ paymentId, paymentToken, totalAmount: 50_000 })
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
    await shopper.ask('requestIssueBillingKey', { storeId: store.storeId, channelKey, billingKeyMethod: 'CARD' })
    await fillCard(shopper.checkout)
    await submit(shopper.checkout)
    const { billingKey, billingIssueToken = '' } = succeeded(await shopper.outcome())
    assert.equal(billingKey, 'NEEDS_CONFIRMATION')
    const confirmed = await store.portone.payment.billingKey.confirmBillingKey({ billingIssueToken })
    assert.match(confirmed.billingKey, /^billing-key-/)
  })
}
