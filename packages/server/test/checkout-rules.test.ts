import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import {
  BrowserBillingKey,
  BrowserBillingKeyAndPayment,
  BrowserIdentityVerification,
  BrowserPayment,
  type CheckoutKind,
  checkoutKinds,
} from '@naru/contract'
import { setProfile } from '../src/checkout/sessions/profile.ts'
import { companyCards } from '../src/gateways/sandbox/scenarios/company-cards.ts'
import { createEncryption, readEncryptionKey } from '../src/kernel/encryption.ts'
import { createAdminSecret } from '../src/merchants/admin-secrets.ts'
import { createChannel, createStore, setCheckout } from '../src/merchants/setup.ts'
import { maximumDeclines } from '../src/payments/rules/limits.ts'
import { typeOf } from './support/api.ts'
import { addChannel } from './support/channels.ts'
import { browserOf, cardInPage, chargesOf, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { allAtOnce, inParallel, inTurn } from './support/parallel.ts'
import { newPromotion, spentOf } from './support/promotions.ts'
import { newPaymentId } from './support/requests.ts'
import { scaled } from './support/scale.ts'

const readJson = async (file: URL): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))

describe('what a shopper’s browser cannot do', async () => {
  const naru = await startNaru()
  const { open, send } = browserOf(naru)
  const { sql } = naru.database
  const second = await naru.another()
  const encryption = createEncryption(readEncryptionKey(naru.encryptionKey) ?? Buffer.alloc(32))

  test('a store that has its server asked refuses what names no confirmUrl, and opens nothing', async () => {
    const store = await naru.newStore({ answer: (_request, response) => void response.writeHead(200).end() })
    await setCheckout(sql, store.storeId, { requiresConfirmUrl: true })
    const payment = paymentOf(store)
    assert.equal((await open(payment)).opened.code, 'ConfirmUrlRequired')
    const confirmUrl = new URL('/confirm', store.webhooks.url).href
    const { submit, state } = await open({ ...payment, confirmUrl })
    await submit({ card: cardInPage() })
    assert.equal('code' in (await state()), false)
    await store.webhooks.next('Transaction.Confirm', { paymentId: payment.paymentId, path: '/confirm' })
  })

  test('a window of a live store is not opened with URLs that its server could never be called at', async () => {
    const sandbox = await naru.newMerchant()
    const [owner] = await sql<{ merchantId: string }[]>`
      select merchant_id as "merchantId" from stores where store_id = ${sandbox.storeId}`
    assert(owner)
    const storeId = await createStore(sql, { ...owner, name: 'Live', mode: 'LIVE', isRepresentative: false })
    const refused = async (urls: object) => {
      const { opened } = await open(paymentOf({ storeId, channelKey: 'nowhere' }, urls))
      return [opened.code, opened.message]
    }
    for (const [field, urls] of [
      ['noticeUrls[0]', { noticeUrls: ['http://192.168.0.1/hook'] }],
      ['confirmUrl', { confirmUrl: 'http://localhost/confirm' }],
    ] as const) {
      const [code, message] = await refused(urls)
      assert.equal(code, 'BadRequest')
      assert.ok(String(message).startsWith(`${field}: `) && /NARU_WEBHOOK_ALLOWED_TARGETS/.test(String(message)))
    }
    const usable = { noticeUrls: ['https://shop.example/'], confirmUrl: 'https://shop.example/confirm' }
    assert.equal((await refused(usable))[0], 'ChannelNotFound')
  })

  test('where the store wants its webhook first, no result reaches the browser before it', async () => {
    const held = Promise.withResolvers<void>()
    let answers = Promise.resolve()
    const store = await naru.newStore({
      answer: async (_request, response) => {
        await answers
        response.writeHead(200).end()
      },
    })
    await setCheckout(sql, store.storeId, { webhookFirst: true })
    const payment = paymentOf(store)
    const { submit, state } = await open(payment)
    await store.webhooks.next('Transaction.Ready', { paymentId: payment.paymentId })
    answers = held.promise
    const order: string[] = []
    const told = Promise.all([submit({ card: cardInPage() }), state()]).then(() => order.push('browser'))
    await store.webhooks.next('Transaction.Paid', { paymentId: payment.paymentId })
    assert.equal(String((await store.portone.payment.getPayment({ paymentId: payment.paymentId })).status), 'PAID')
    order.push('webhook')
    held.resolve()
    await told
    assert.deepEqual(order, ['webhook', 'browser'])
  })

  test('an order is declined ten times, and not once more', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    for (let count = 0; count < maximumDeclines; count++) {
      const { submit } = await open(payment)
      await submit({ card: cardInPage('4000000000000002') })
    }
    const { opened } = await open(payment)
    assert.equal(opened.code, 'InvalidEntityState')
    assert.match(String(opened.detail), /10 times/)
    const other = await open(paymentOf(store))
    await other.submit({ card: cardInPage() })
    assert.equal('code' in (await other.state()), false)
  })

  test('what the merchant captures by hand is captured after a payment in the browser, once', async () => {
    const store = await naru.newStore()
    const payment = paymentOf({ ...store, channelKey: store.manualChannelKey })
    const { paymentId } = payment
    const { submit, state } = await open(payment)
    const captured = async () => {
      const [entry] = await sql<{ at: number | null }[]>`
        select captured_at as at from sandbox_transactions where store_id = ${store.storeId}`
      return entry?.at
    }
    await assert.rejects(store.portone.payment.capturePayment({ paymentId }))
    await submit({ card: cardInPage() })
    assert.equal('code' in (await state()), false)
    assert.equal(await captured(), null)
    const capture = () => store.portone.payment.capturePayment({ paymentId })
    assert.deepEqual(await Promise.all([capture(), capture()]), [{}, {}])
    const at = await captured()
    assert.ok(at)
    assert.deepEqual(await capture(), {})
    assert.equal(await captured(), at)
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'PAID')
  })

  test('what nobody agreed to is not paid, and what was mistyped does not spend the window', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const { submit, state } = await open(payment)
    const card = cardInPage()
    for (const consents of [undefined, [], [{ id: 'TERMS', version: '2020-01-01' }]])
      assert.deepEqual(await submit({ card, consents }), { kind: 'invalid', problem: 'CONSENTS' })
    assert.deepEqual(await submit({ card: { ...card, expiryYear: '20' } }), { kind: 'invalid', problem: 'EXPIRED' })
    assert.equal(await chargesOf(store, payment.paymentId), 0)
    await submit({ card })
    assert.equal('code' in (await state()), false)
  })

  const discountPolicy = { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT' as const, amount: 1_000 } }] }
  const promotedIn = async (store: TestStore, totalBudget: number) => {
    const promotionId = await newPromotion(store, { discountPolicy, totalBudget, cardCompany: 'SAMSUNG_CARD' })
    return { promotionId, promoted: { promotionId, card: { cardCompany: 'SAMSUNG_CARD' } } }
  }

  test('a window that the shopper never came back to gives its discount back', async () => {
    const store = await naru.newStore()
    const { promotionId, promoted } = await promotedIn(store, 1_500)
    const abandoned = paymentOf(store, promoted)
    await open(abandoned)
    assert.equal(await spentOf(store, promotionId), 1_000)
    await store.advance({ minutes: 31 })
    assert.equal(await spentOf(store, promotionId), 0)
    const { paymentId } = abandoned
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'READY')
    const { submit } = await open(paymentOf(store, promoted))
    await submit({ card: cardInPage() })
    await store.advance({ days: 1 })
    assert.equal(await spentOf(store, promotionId), 1_000)
  })

  test('what the shopper agreed to and the merchant confirms at its last moment is charged, or gives its discount back', async () => {
    const store = await naru.newStore()
    const channelKey = await createChannel(sql, encryption, {
      storeId: store.storeId,
      name: 'Confirmed by hand',
      type: 'TEST',
      adapter: 'sandbox',
      pgProvider: 'NICE_V2',
      pgMerchantId: 'sandbox',
      manualConfirm: true,
    })
    const { promotionId, promoted } = await promotedIn(store, 100_000)
    const agreed = async () => {
      const payment = paymentOf({ ...store, channelKey }, promoted)
      const { submit, state } = await open(payment)
      await submit({ card: cardInPage() })
      return { paymentId: payment.paymentId, paymentToken: String((await state()).paymentToken) }
    }
    const orders = await allAtOnce(8, agreed)
    await store.advance({ minutes: 59 })
    assert.equal(await spentOf(store, promotionId), 8_000)
    const apiOf = inTurn([store.api, second.clientsOf(store.apiSecret).api])
    const confirm = async (index: number) => {
      const { paymentId, paymentToken } = orders[index] ?? assert.fail()
      return await apiOf(index).send('confirmPayment', { path: { paymentId }, body: { paymentToken } })
    }
    const [, ...answers] = await Promise.all([
      store.advance({ minutes: 2 }),
      ...orders.map((_, index) => confirm(index)),
    ])
    const confirmed = answers.filter(({ status }) => status === 200).length
    // A call that the clock overtook on its way to the PG came too late to be made.
    const tooLate = /INVALID_PAYMENT_TOKEN|NARU_NOT_EXECUTED/
    for (const { status, text } of answers) if (status !== 200) assert.match(text, tooLate)
    for (const [index, { paymentId }] of orders.entries())
      assert.equal(await chargesOf(store, paymentId), answers[index]?.status === 200 ? 1 : 0)
    assert.equal(await spentOf(store, promotionId), confirmed * 1_000)
    // Another shopper has the discount now: a late confirm is refused, and says why.
    const late = await agreed()
    orders[0] = late
    await store.advance({ minutes: 61 })
    assert.equal(await spentOf(store, promotionId), confirmed * 1_000)
    const refused = await confirm(0)
    assert.equal(typeOf(refused), 'INVALID_PAYMENT_TOKEN')
    assert.match(refused.text, /has expired/)
    const { paymentId } = late
    assert.equal((await store.portone.payment.getPayment({ paymentId })).status, 'READY')
    assert.equal(await chargesOf(store, paymentId), 0)
  })

  test('a shop that takes some card companies alone has one of them chosen', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store, { card: { availableCards: ['SAMSUNG_CARD', 'NH_CARD'] } })
    const { submit } = await open(payment)
    const by = (issuer?: string) => submit({ card: { ...cardInPage(), ...(issuer && { issuer }) } })
    assert.equal((await by()).problem, 'METHOD')
    assert.equal((await by('SHINHAN_CARD')).problem, 'METHOD')
    await by('SAMSUNG_CARD')
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    if (!('method' in paid) || paid.method?.type !== 'PaymentMethodCard') return assert.fail(String(paid.status))
    assert.deepEqual([paid.method.card?.issuer, paid.method.card?.name], ['SAMSUNG_CARD', '삼성카드'])
  })

  test('where the shop does not say what is to be stored, the page asks for what the PG can store', async () => {
    const store = await naru.newStore()
    const { storeId } = store
    const providers = ['PAYPAL_V2', 'KAKAOPAY', 'NICE_V2'] as const
    const channels = await Promise.all(providers.map((provider) => addChannel(naru, storeId, provider)))
    const [paypal, kakaopay, nice] = await Promise.all(
      channels.map((channelKey) => open({ storeId, channelKey }, 'ISSUE_BILLING_KEY')),
    )
    assert(paypal && kakaopay && nice)
    const formOf = async ({ view }: typeof paypal) => Object((await view()).form)
    assert.deepEqual(await formOf(paypal), { method: 'EASY_PAY', wallets: ['PAYPAL'] })
    assert.deepEqual(await formOf(kakaopay), { method: 'EASY_PAY', wallets: ['KAKAOPAY'] })
    assert.equal((await formOf(nice)).method, 'CARD')
    await paypal.submit({ wallet: 'PAYPAL' })
    assert.equal('code' in (await paypal.state()), false)
  })

  test('a card of another company than was chosen is told, in payments and for billing keys; the number decides', async () => {
    const store = await naru.newStore()
    const samsung = cardInPage(companyCards.SAMSUNG_CARD)
    const issuerOf = async (paymentId: string) => {
      const paid = await store.portone.payment.getPayment({ paymentId })
      return 'method' in paid && paid.method?.type === 'PaymentMethodCard' ? paid.method.card?.issuer : paid.status
    }
    const free = paymentOf(store)
    const { submit } = await open(free)
    assert.equal((await submit({ card: { ...samsung, issuer: 'SHINHAN_CARD' } })).problem, 'CARD_COMPANY')
    await submit({ card: samsung })
    assert.equal(await issuerOf(free.paymentId), 'SAMSUNG_CARD')
    const direct = paymentOf(store, { card: { cardCompany: 'SHINHAN_CARD' } })
    const directly = await open(direct)
    assert.equal((await directly.submit({ card: samsung })).problem, 'CARD_COMPANY')
    await directly.submit({ card: cardInPage(companyCards.SHINHAN_CARD) })
    assert.equal(await issuerOf(direct.paymentId), 'SHINHAN_CARD')
    const { storeId, channelKey } = store
    const stored = await open({ storeId, channelKey, billingKeyMethod: 'CARD' }, 'ISSUE_BILLING_KEY')
    assert.equal((await stored.submit({ card: { ...samsung, issuer: 'NH_CARD' } })).problem, 'CARD_COMPANY')
    await stored.submit({ card: { ...samsung, issuer: 'SAMSUNG_CARD' } })
    assert.equal('code' in (await stored.state()), false)
  })

  test('what nobody can pay in a currency opens no window, and the error names the field and the remedy', async () => {
    const store = await naru.newStore()
    const refused: readonly (readonly [object, string, RegExp])[] = [
      [{ currency: 'XXX' }, 'PAYMENT', /^currency: nobody can pay in XXX\. Use /],
      [{ currency: 'XAU', payMethod: 'EASY_PAY' }, 'PAYMENT', /^currency: nobody can pay in XAU\. Use /],
      ...['TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'GIFT_CERTIFICATE'].map((payMethod) => {
        const words = new RegExp(`^currency: ${payMethod} is paid in KRW only, not in USD\\. Use KRW, or `)
        return [{ currency: 'USD', payMethod, productType: 'DIGITAL' }, 'PAYMENT', words] as const
      }),
      [{ currency: 'JPY', billingKeyAndPayMethod: 'MOBILE' }, 'ISSUE_BILLING_KEY_AND_PAY', /^currency: MOBILE /],
    ]
    for (const [change, kind, words] of refused) {
      const payment = paymentOf(store, change)
      const { opened } = await open(payment, kind)
      assert.equal(opened.code, 'RequestParseFailed', JSON.stringify(change))
      assert.match(String(opened.message), words)
      await assert.rejects(store.portone.payment.getPayment({ paymentId: payment.paymentId }))
    }
    for (const change of [{ currency: 'USD' }, { currency: 'USD', payMethod: 'PAYPAL' }, { payMethod: 'TRANSFER' }])
      assert.equal((await open(paymentOf(store, change))).opened.code, undefined, JSON.stringify(change))
  })

  test('what the PG would refuse whatever card is typed opens no window, and the error names the field and the limit', async () => {
    const store = await naru.newStore()
    const channelFor = (pgProvider: 'NICE_V2' | 'TOSSPAYMENTS' | 'KCP_V2') =>
      addChannel(naru, store.storeId, pgProvider)
    const [nice, toss, kcp] = [
      await channelFor('NICE_V2'),
      await channelFor('TOSSPAYMENTS'),
      await channelFor('KCP_V2'),
    ]
    const months = (monthOption: object) => ({ card: { installment: { monthOption } } })
    const code = (testCode: string) => ({ bypass: { sandbox: { testCode } } })
    const account = { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount: { accountExpiry: { validHours: 24 } } }
    const both = { kinds: ['PAYMENT', 'ISSUE_BILLING_KEY_AND_PAY'] }
    const every = { kinds: checkoutKinds }
    const refused: readonly (readonly [object, RegExp, { readonly kinds?: readonly string[] }])[] = [
      [{ channelKey: nice, orderName: '귤'.repeat(21) }, /^orderName: NICE_V2 takes 40 bytes .* two, .* 42\./, both],
      [{ channelKey: nice, orderName: '귤 & 배' }, /^orderName: NICE_V2 takes no & /, both],
      [
        { channelKey: toss, orderName: 'x'.repeat(101) },
        /^orderName: TOSSPAYMENTS takes 100 characters .* 101\./,
        both,
      ],
      [code('slow-'), /^bypass\.sandbox\.testCode: there is no test code slow-\. Did you mean slow-5\?$/, every],
      [code('Declined'), /^bypass\.sandbox\.testCode: .* Did you mean decline\?$/, every],
      [code('nonsense'), /^bypass\.sandbox\.testCode: .* nonsense\. docs\/sandbox\.md lists them\.$/, every],
      [{ customer: { customerId: 'sbx-aprove' } }, /^customer\.customerId: .* Did you mean approve\?$/, every],
      [months({ fixedMonth: 24 }), /^card\.installment\.monthOption\.fixedMonth: .* not in 24\.$/, {}],
      [{ channelKey: kcp, ...months({ availableMonthList: [18, 24] }) }, /^card\.installment.* not in 18 or 24\.$/, {}],
      [
        { ...account, virtualAccount: { ...account.virtualAccount, bankCode: 'BANK_OF_KOREA' } },
        /^virtualAccount\.bankCode: /,
        {},
      ],
    ]
    for (const [change, words, { kinds = ['PAYMENT'] }] of refused)
      for (const kind of kinds) {
        const others = { billingKeyAndPayMethod: 'CARD', identityVerificationId: newPaymentId() }
        const payment = paymentOf(store, { ...others, ...change })
        const { opened } = await open(payment, kind)
        assert.equal(opened.code, 'RequestParseFailed', JSON.stringify([kind, change, opened]))
        assert.match(String(opened.message), words)
        await assert.rejects(store.portone.payment.getPayment({ paymentId: payment.paymentId }))
      }
    for (const change of [
      { channelKey: nice, orderName: '귤'.repeat(20) },
      { channelKey: nice, ...code('slow-3') },
      months({ availableMonthList: [12, 24] }),
      { totalAmount: 10_000, ...months({ fixedMonth: 24 }) },
      { customer: { customerId: 'sbxaprove' } },
      { ...account, virtualAccount: { ...account.virtualAccount, availableBanks: ['BANK_OF_KOREA', 'SHINHAN_BANK'] } },
    ])
      assert.equal((await open(paymentOf(store, change))).opened.code, undefined, JSON.stringify(change))
  })

  test('leaving windows is no decline', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    for (let count = 0; count < maximumDeclines; count++) await (await open(payment)).close()
    const inEnglish = await (await open({ ...payment, locale: 'EN_US' })).close()
    assert.deepEqual([inEnglish.pgCode, inEnglish.pgMessage], ['PAY_PROCESS_CANCELED', 'The shopper cancelled'])
    assert.equal((await open(payment)).opened.code, undefined)
  })

  test('a window that was left, whose time is over, or of which nothing is known speaks of what it was for', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey } = store
    const common = { storeId, channelKey }
    const asked = {
      ISSUE_BILLING_KEY: () => ({ ...common, billingKeyMethod: 'CARD', issueName: '정기 배송' }),
      IDENTITY_VERIFICATION: () => ({ ...common, identityVerificationId: newPaymentId() }),
    }
    const person = {
      identity: { carrier: 'SKT', birth: '9001011' },
      customer: { name: '김나루', phoneNumber: '01012345678' },
    }
    for (const [kind, noun, inEnglish, typed] of [
      ['ISSUE_BILLING_KEY', '결제 수단 등록', /payment method/, { card: cardInPage() }],
      ['IDENTITY_VERIFICATION', '본인인증', /verification/, person],
    ] as const) {
      const request = asked[kind]
      const left = await (await open(request(), kind)).close()
      assert.equal(left.pgMessage, `사용자가 ${noun}을 취소했습니다`)
      assert.match(String((await (await open({ ...request(), locale: 'EN_US' }, kind)).close()).pgMessage), inEnglish)
      const atPg = await open(request(), kind)
      await atPg.submit({ ...typed, outcome: 'shopper-cancel' })
      assert.equal((await atPg.state()).pgMessage, `사용자가 ${noun}을 취소했습니다`, kind)
      const late = await open(request(), kind)
      assert.match(String(late.opened.unknownResult), new RegExp(`^${noun} 결과를 확인하지 못했습니다`))
      await store.advance({ minutes: 31 })
      assert.equal((await late.state()).pgMessage, `${noun} 시간이 만료되었습니다`)
    }
    const payment = await open(paymentOf(store))
    assert.match(String(payment.opened.unknownResult), /^결제 결과를/)
    assert.equal((await payment.close()).pgMessage, '사용자가 결제를 취소했습니다')
  })

  test('an amount of its own, a channel of another store, a secret instead of a token', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const announced = paymentOf(store)
    const { paymentId } = announced
    await store.portone.payment.preRegisterPayment({
      paymentId,
      totalAmount: 50_000,
      taxFreeAmount: 0,
      currency: 'KRW',
    })
    for (const change of [{ totalAmount: 49_999 }, { taxFreeAmount: 1 }, { currency: 'USD' }])
      assert.equal((await open({ ...announced, ...change })).opened.code, 'AmountNotEqualToPredefined')
    assert.equal((await open({ ...announced, channelKey: other.channelKey })).opened.code, 'ChannelNotFound')
    for (const path of ['view', 'submit', 'attempts/state', 'attempts/close']) {
      const body = { token: store.apiSecret, customer: {} }
      const headers = { authorization: `PortOne ${store.apiSecret}` }
      assert.equal((await send(path, body, headers)).status, 404, path)
    }
  })

  test('an order whose approval is under way is not called paid, in the language of the page', async () => {
    const store = await naru.newStore()
    // The gateway does not answer, and the order is not paid, until the clock moves: a lost answer would be asked for at once.
    await store.api.call('stopSandboxClock')
    const payment = paymentOf(store, { bypass: { sandbox: { testCode: 'slow-5' } } })
    const { submit } = await open(payment)
    const approval = submit({ card: cardInPage() })
    const { paymentId } = payment
    await store.webhooks.next('Transaction.Ready', { paymentId })
    const isUnderWay = async () =>
      (await sql`select 1 from sandbox_transactions where store_id = ${store.storeId} limit 1`).length > 0
    while (!(await isUnderWay())) await fetch(`${naru.url}/healthz`)
    const again = await open(payment)
    assert.deepEqual(
      [again.opened.code, again.opened.message],
      ['InvalidEntityState', '결제가 진행 중입니다. 결과가 확정되면 상점에 알려 드립니다.'],
    )
    const english = await open({ ...payment, locale: 'EN_US' })
    assert.equal(english.opened.message, 'The payment is in progress. The shop will be told the result.')
    await store.advance({ minutes: 10 })
    await approval
    const paid = await open(payment)
    assert.deepEqual([paid.opened.code, paid.opened.message], ['PaymentAlreadyPaid', '이미 결제된 주문입니다.'])
  })

  test('fields of another kind of request change nothing about what the shopper is asked for', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey } = store
    const common = { storeId, channelKey }
    const requests: Readonly<Record<CheckoutKind, () => object>> = {
      PAYMENT: () => paymentOf(store),
      ISSUE_BILLING_KEY: () => ({ ...common, billingKeyMethod: 'CARD', issueName: '정기 배송', issueId: 'issue' }),
      ISSUE_BILLING_KEY_AND_PAY: () => ({ ...paymentOf(store), billingKeyAndPayMethod: 'CARD' }),
      IDENTITY_VERIFICATION: () => ({ ...common, identityVerificationId: newPaymentId() }),
    }
    const fields: Readonly<Record<CheckoutKind, object>> = {
      PAYMENT: BrowserPayment.properties,
      ISSUE_BILLING_KEY: BrowserBillingKey.properties,
      ISSUE_BILLING_KEY_AND_PAY: BrowserBillingKeyAndPayment.properties,
      IDENTITY_VERIFICATION: BrowserIdentityVerification.properties,
    }
    const everything = Object.fromEntries(checkoutKinds.flatMap((kind) => Object.entries(requests[kind]())))
    const names = [...new Set(checkoutKinds.flatMap((kind) => Object.keys(fields[kind])))]
    const shownFor = async (kind: CheckoutKind, foreign: object) => {
      const { opened, view } = await open({ ...foreign, ...requests[kind]() }, kind)
      const { secondsLeft: _, ...shown } = await view()
      return { ids: Object.keys(Object(opened.ids)), problem: opened.message, shown }
    }
    for (const kind of checkoutKinds) {
      const alone = await shownFor(kind, {})
      assert.equal(alone.problem, undefined)
      const isForeign = (name: string) => !Object.hasOwn(fields[kind], name)
      const foreign = Object.entries(everything).filter(([name]) => isForeign(name))
      const trials = names
        .filter(isForeign)
        .flatMap((name) => [{ [name]: 'nonsense' }, { ...Object.fromEntries(foreign), [name]: null }])
      await inParallel([Object.fromEntries(foreign), ...trials], 4, async (trial) =>
        assert.deepEqual(await shownFor(kind, trial), alone, `${kind} with ${JSON.stringify(trial)}`),
      )
    }
    const stored = await open({ ...everything, ...requests.ISSUE_BILLING_KEY() }, 'ISSUE_BILLING_KEY')
    await stored.submit({ card: cardInPage() })
    assert.equal('code' in (await stored.state()), false)
  })

  test('a page that says that its time is over has ended the window: what is sent at that moment is charged or refused', async () => {
    const store = await naru.newStore()
    await inParallel([...Array(scaled(12, 100)).keys()], 4, async () => {
      const payment = paymentOf(store)
      const { submit, step, state, token } = await open(payment)
      // As its time ends: the statement waits for no clock, and moves this window's alone.
      const ends = sql`
        update checkout_attempts set expires_at = created_at - interval '1 second'
        where store_id = ${store.storeId} and transaction_id = ${token.split('.')[1] ?? ''}`
      const [, seen] = await Promise.all([submit({ card: cardInPage() }), ends.then(() => step())])
      const { code, pgCode } = await state()
      const charges = await chargesOf(store, payment.paymentId)
      assert.equal(charges, code === undefined ? 1 : 0)
      if (seen === 'EXPIRED') assert.deepEqual([charges, pgCode], [0, 'PAY_PROCESS_EXPIRED'])
    })
  })

  test('a card that is refused in one tab does not fail the billing key that another tab has issued', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey } = store
    await inParallel([...Array(scaled(12, 100)).keys()], 4, async (round) => {
      const { opened, submit, state } = await open(
        { storeId, channelKey, billingKeyMethod: 'CARD' },
        'ISSUE_BILLING_KEY',
      )
      const { billingKey } = Object(opened.ids)
      const agreed = submit({ card: cardInPage() })
      for (let step = 0; step < round % 4; step += 1) await fetch(`${naru.url}/healthz`)
      await Promise.all([agreed, submit({ card: cardInPage(), outcome: 'shopper-cancel' })])
      const { code } = await state()
      const isIssued =
        (
          await sql`
        select 1 from billing_keys where store_id = ${storeId} and billing_key = ${String(billingKey)}
          and status = 'ISSUED'`
        ).length > 0
      assert.equal(isIssued, code === undefined)
    })
  })

  test('an amount that the merchant announces while the window is open stops what was agreed to before', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store)
    const { submit, state } = await open(payment)
    await store.portone.payment.preRegisterPayment({ paymentId: payment.paymentId, totalAmount: 60_000 })
    await submit({ card: cardInPage() })
    assert.equal((await state()).code, 'PORTONE_ERROR')
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  test('what the PG charged is held against the order, and undone where it differs', async () => {
    const store = await naru.newStore()
    const payment = paymentOf(store, { bypass: { sandbox: { testCode: 'amount-mismatch' } } })
    const { submit, state } = await open(payment)
    await submit({ card: cardInPage() })
    assert.equal((await state()).code, 'PORTONE_ERROR')
    const paid = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal(paid.status, 'FAILED')
    const [entry] = (await store.api.call('getSandboxLedger', { query: { paymentId: payment.paymentId } })).items
    assert.equal(entry?.cancelledAmount, 50_001)
  })

  test('an agreement to another amount at the PG’s own window charges nothing', async () => {
    const store = await naru.newStore()
    const facts = { name: 'Own', type: 'TEST', adapter: 'sandbox', pgProvider: 'NICE_V2', pgMerchantId: 'own' } as const
    const credentials = { window: 'redirect' }
    const channelKey = await createChannel(sql, encryption, { storeId: store.storeId, ...facts, credentials })
    const payment = paymentOf({ ...store, channelKey })
    const { view, token, state } = await open(payment)
    const { url } = Object((await view()).pgWindow)
    // As a PG would say whose order was changed on its side.
    await sql`
      update sandbox_windows set contents = jsonb_set(contents, '{order,amount}', '1') where store_id = ${store.storeId}`
    const body = new URLSearchParams({ step: 'agree', card: '4242424242424242' })
    await fetch(naru.url + url, { method: 'POST', body, redirect: 'manual' })
    await fetch(`${naru.url}/checkout/return/${token}`, { redirect: 'manual' })
    assert.equal((await state()).code, 'PORTONE_ERROR')
    const failed = await store.portone.payment.getPayment({ paymentId: payment.paymentId })
    assert.equal(failed.status === 'FAILED' && failed.failure.pgCode, 'NARU_WINDOW_MISMATCH')
    assert.equal(await chargesOf(store, payment.paymentId), 0)
  })

  test('whatever address of a shopper’s is damaged shows our page, which says that it knows no such payment', async () => {
    const damaged = [
      '/checkout',
      '/checkout/',
      '/checkout/x',
      '/checkout/a/b?c=d',
      '/checkout/sessions/x',
      '/checkout/sessions',
    ]
    const returns = ['x', 'a/b', '', '%C2%B7']
    for (const [method, path] of [
      ...damaged.map((path) => ['GET', path] as const),
      ...returns.flatMap((path) =>
        (['GET', 'POST'] as const).map((method) => [method, `/checkout/return/${path}`] as const),
      ),
    ]) {
      const answer = await fetch(naru.url + path, { method })
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [404, 'text/html; charset=utf-8'], path)
      assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    }
    for (const path of ['/checkout/v1/attempts', '/checkout/assets/nothing.js'])
      assert.match((await fetch(naru.url + path)).headers.get('content-type') ?? '', /^application\/json/)
  })

  test('the licences of everything that the page is built from can be read', async () => {
    const answer = await fetch(`${naru.url}/checkout/licenses.txt`)
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/)
    const text = await answer.text()
    const { dependencies } = Object(await readJson(new URL('../../checkout/package.json', import.meta.url)))
    const isBundled = (name: string) => !name.startsWith('@naru/') && name !== 'vite'
    const bundled = Object.keys(Object(dependencies)).filter(isBundled)
    assert.ok(bundled.length > 0)
    for (const name of bundled) assert.ok(text.includes(`## ${name} - `), name)
    assert.match(text, /Permission is hereby granted/)
    assert.equal((await fetch(`${naru.url}/checkout/licenses`)).status, 404)
  })

  test('a card number is nowhere in the database', async () => {
    const store = await naru.newStore()
    const { submit } = await open(paymentOf(store))
    await submit({ card: cardInPage('5555555555554444') })
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
    for (const { name } of tables) {
      const found = await sql`select 1 from ${sql(name)} t where t::text like '%5555555555554444%' limit 1`
      assert.equal(found.length, 0, name)
    }
  })

  test('a way to pay that the session does not offer, and a session of nobody', async () => {
    const store = await naru.newStore()
    const { storeId, channelKey } = store
    const profileKey = `profile-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
    await setProfile(sql, { storeId, profileKey, name: 'Profile', isForTest: true, entries })
    const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
    const body = { storeId, profileKey, paymentId: newPaymentId(), ...order }
    const { sessionId } = await store.api.call('createPaymentSession', { body })
    const pay = (given: object) => send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC', ...given })
    assert.equal((await pay({ paymentMethod: 'KAKAO_PAY' })).body.code, 'BadRequest')
    assert.equal((await pay({ sessionId: `${sessionId}x` })).status, 404)
    // What the browser says of the amount is not even read.
    const { body: opened } = await pay({ totalAmount: 1 })
    const token = String(opened.url).split('/').at(-1) ?? ''
    assert.equal(Object((await send('view', { token })).body.amount).total, 50_000)
  })
})

describe('an address that comes too often', async () => {
  const naru = await startNaru({ limits: { openingsPerMinute: 3, visitsPerMinute: 40 } })
  const { send } = browserOf(naru)
  const countOfStatus = (answers: readonly { readonly status: number }[], status: number) =>
    answers.filter((answer) => answer.status === status).length

  test('opens no more windows of a store, from a shop or from a session, and learns when to come back', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const opening = ({ storeId, channelKey }: TestStore) => {
      const order = {
        paymentId: newPaymentId(),
        orderName: '귤',
        totalAmount: 1_000,
        currency: 'KRW',
        payMethod: 'CARD',
      }
      return send('attempts', { kind: 'PAYMENT', device: 'PC', request: { storeId, channelKey, ...order } })
    }
    const opened = await Promise.all(Array.from({ length: 6 }, () => opening(store)))
    assert.deepEqual([countOfStatus(opened, 200), countOfStatus(opened, 429)], [3, 3])
    const tooMany = opened.find(({ status }) => status === 429)
    assert.equal(tooMany?.body.code, 'ResourceExhausted')
    assert.match(String(tooMany?.body.message), /잠시 뒤에 다시 시도해 주세요/)
    assert.match(String(tooMany?.body.detail), /from this address/)
    assert.equal(tooMany?.headers.get('retry-after'), '20')
    assert.equal((await opening(other)).status, 200)
    const { storeId, channelKey } = store
    const profileKey = `limits-${storeId}`
    const entries = [{ paymentMethod: 'CARD_KR' as const, channelKey }]
    await setProfile(naru.database.sql, { storeId, profileKey, name: 'Limits', isForTest: true, entries })
    const order = { country: 'KR', currency: 'KRW', totalAmount: 50_000, orderName: '귤' } as const
    const body = { storeId, profileKey, paymentId: newPaymentId(), ...order }
    const { sessionId } = await store.api.call('createPaymentSession', { body })
    const paying = await send('sessions/pay', { sessionId, paymentMethod: 'CARD_KR', device: 'PC' })
    assert.deepEqual([paying.status, paying.body.code], [429, 'ResourceExhausted'])
    // Whoever only looks is let in longer, and then not either. The merchant's own server is not an address of the browser's.
    const look = () => fetch(`${naru.url}/payment-sessions/${sessionId}`)
    const looks = await Promise.all(Array.from({ length: 60 }, look))
    const refused = looks.find(({ status }) => status === 429)
    assert.ok(refused && countOfStatus(looks, 200) > 0)
    assert.equal(refused.headers.get('retry-after'), '60')
    // Many at once, as one that comes later finds what the bucket was refilled with meanwhile.
    const views = await Promise.all(Array.from({ length: 60 }, () => send('view', { token: 'x' })))
    assert.ok(countOfStatus(views, 429) > 0)
    assert.match(Object(await refused.json()).message, /Too many requests/)
    await store.api.call('createPaymentSession', { body: { ...body, paymentId: newPaymentId() } })
  })
})

describe('the admin API of the checkout', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const [merchant] = await sql<[{ merchantId: string }]>`
    select merchant_id as "merchantId" from stores where store_id = ${naru.storeId}`
  const { secret } = await createAdminSecret(sql, { ...merchant, storeId: naru.storeId, name: 'test' })
  const call = async (method: string, path: string, body?: object, authorization = `NaruAdmin ${secret}`) => {
    const answer = await fetch(`${naru.url}/admin/checkout/stores/${path}`, {
      method,
      headers: { authorization },
      ...(body && { body: JSON.stringify(body) }),
    })
    const content: Readonly<Record<string, unknown>> = Object(await answer.json())
    return { status: answer.status, body: content }
  }

  test('sets up profiles and settings, with its own secret alone, in its own merchant’s stores alone', async () => {
    const store = await naru.newStore()
    const profile = `${store.storeId}/profiles/shop-${store.storeId}`
    const entries = [{ paymentMethod: 'CARD_KR', channelKey: store.channelKey, currencies: ['KRW'] }]
    const body = { name: 'Shop', isForTest: true, entries }
    assert.equal((await call('PUT', profile, body, `PortOne ${store.apiSecret}`)).status, 401)
    const put = await call('PUT', profile, body)
    assert.deepEqual(put, { status: 200, body: { profileKey: `shop-${store.storeId}`, ...body } })
    const query = { profileKey: `shop-${store.storeId}`, country: 'KR', currency: 'KRW', amount: 1_000 } as const
    const { methods } = await store.api.call('evaluateCheckoutProfile', { query })
    assert.deepEqual(methods, [{ paymentMethod: 'CARD_KR', channelKey: store.channelKey }])
    assert.deepEqual((await call('GET', `${store.storeId}/profiles`)).body, { items: [put.body] })
    const wrong = { ...body, entries: [{ paymentMethod: 'CARD_KR', channelKey: 'nope' }] }
    assert.match(String((await call('PUT', profile, wrong)).body.message), /TEST channel of the store/)
    assert.equal((await call('GET', 'store-nope/profiles')).status, 403)
    assert.equal((await call('DELETE', profile)).status, 200)
    assert.equal((await call('DELETE', profile)).status, 400)
    const setting = `${store.storeId}/setting`
    assert.deepEqual((await call('GET', setting)).body, { requiresConfirmUrl: false, webhookFirst: false })
    const changed = await call('PUT', setting, { requiresConfirmUrl: true })
    assert.deepEqual(changed.body, { requiresConfirmUrl: true, webhookFirst: false })
    assert.equal((await call('PUT', setting, { webhookFirst: 'yes' })).status, 400)
    assert.deepEqual((await call('GET', setting)).body, changed.body)
  })

  test('is described in its OpenAPI document', async () => {
    const document: Record<string, object> = Object(await (await fetch(`${naru.url}/admin/openapi.json`)).json())
    assert.ok(Object.hasOwn(Object(document.paths), '/admin/checkout/stores/{storeId}/profiles/{profileKey}'))
  })
})
