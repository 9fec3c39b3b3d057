import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Locale, PaymentPayMethod } from '@portone/browser-sdk/v2'
import { storeAt } from './support/channels.ts'
import { browserOf, cardInPage } from './support/checkout.ts'
import { startNaru } from './support/naru.ts'
import { newPaymentId } from './support/requests.ts'

describe('what a shop’s page asks for', async () => {
  const naru = await startNaru()
  const { open, send } = browserOf(naru)
  const store = await naru.newStore()
  await store.api.call('stopSandboxClock')
  const { storeId, channelKey } = store

  const asked = (others: object = {}) => ({
    storeId,
    channelKey,
    paymentId: newPaymentId(),
    orderName: '귤',
    totalAmount: 50_000,
    currency: 'KRW',
    payMethod: 'CARD',
    billingKeyAndPayMethod: 'CARD',
    identityVerificationId: newPaymentId(),
    ...others,
  })
  const toldOf = async (request: object, kind = 'PAYMENT') => {
    const { code, message } = (await open(request, kind)).opened
    return [code, message]
  }

  test('is refused by the names that the page gave its fields', async () => {
    const kinds = ['PAYMENT', 'ISSUE_BILLING_KEY_AND_PAY']
    const paymentId = newPaymentId()
    const expected = { totalAmount: 50_000, taxFreeAmount: 0, currency: 'KRW' } as const
    await store.portone.payment.preRegisterPayment({ paymentId, ...expected })
    for (const kind of kinds) {
      for (const [name, value] of Object.entries({ totalAmount: 49_999, taxFreeAmount: 1, currency: 'USD' })) {
        const [code, message] = await toldOf(asked({ paymentId, [name]: value }), kind)
        assert.equal(code, 'AmountNotEqualToPredefined')
        assert.match(String(message), new RegExp(`^${name} differs from what was pre-registered for .* Send what`))
      }
      const parts = asked({ taxFreeAmount: 50_000, vatAmount: 1 })
      assert.deepEqual(await toldOf(parts, kind), [
        'RequestParseFailed',
        'taxFreeAmount (50000) + vatAmount (1) is more than totalAmount (50000).',
      ])
      for (const channelKey of ['nowhere', 'amount.total'])
        assert.deepEqual(await toldOf(asked({ channelKey }), kind), [
          'ChannelNotFound',
          `channelKey: the store has no channel with the key ${channelKey}.`,
        ])
      const [, half] = await toldOf(asked({ orderName: '\ud83c' }), kind)
      assert.match(String(half), /^orderName must not contain/)
    }
    const group = asked({ channelKey: undefined, channelGroupId: 'nowhere' })
    assert.deepEqual(await toldOf(group), [
      'ChannelNotFound',
      'channelGroupId: the store has no channel group nowhere.',
    ])
    const rounded = JSON.stringify(asked()).replace('50000', '12345678901234567890')
    const answer = await fetch(`${naru.url}/checkout/v1/attempts`, {
      method: 'POST',
      body: `{"kind":"PAYMENT","device":"PC","request":${rounded}}`,
    })
    assert.match(String(Object(await answer.json()).message), /^totalAmount must be a number of at most/)
    assert.equal((await send('attempts', {})).status, 400)
  })

  test('is refused in the shopper’s words where a shopper meets it, and its developer reads why', async () => {
    const hangul = /\p{Script=Hangul}/u
    const refusals = async (locale: string) => {
      const identityVerificationId = newPaymentId()
      const kind = 'IDENTITY_VERIFICATION'
      const { prove } = await open(asked({ identityVerificationId }), kind)
      const identity = { carrier: 'SKT', birth: '9001011' }
      await prove({ identity, customer: { name: '김나루', phoneNumber: '01012345678' } })
      const verified = await open(asked({ identityVerificationId, locale }), kind)
      const paymentId = newPaymentId()
      const { submit: pay } = await open(asked({ paymentId }))
      await pay({ card: cardInPage(), outcome: 'pending-paid-10' })
      return [verified.opened, (await open(asked({ paymentId, locale }))).opened]
    }
    for (const locale of ['KO_KR', 'EN_US'])
      for (const { code, message, detail } of await refusals(locale)) {
        assert.match(String(code), /^(IdentityVerificationAlreadyVerified|InvalidEntityState)$/)
        assert.equal(hangul.test(String(message)), locale === 'KO_KR', String(message))
        assert.match(String(detail), /has already been verified|Read the payment again/)
      }
  })

  test('is refused where nobody could mean it, with the field and the remedy', async () => {
    const backwards = /^offerPeriod\.range\.to must not be before offerPeriod\.range\.from\. Exchange them\.$/
    const atStore = { payMethod: 'CONVENIENCE_STORE' }
    const refused: readonly (readonly [object, RegExp, string?])[] = [
      [{ orderName: '  ' }, /^orderName must not be blank/],
      [{ orderName: '\u3164\u200b\u202e' }, /^orderName must not be blank/],
      [{ redirectUrl: 'https:evil.example' }, /^redirectUrl must be a web address/],
      [{ noticeUrls: ['https:shop.example'] }, /^noticeUrls\[0\] must be .* written in full/],
      [{ locale: 'ko' }, /^locale must be one of KO_KR, EN_US, /],
      [{ payMethod: undefined }, /^payMethod must be given: one of CARD, VIRTUAL_ACCOUNT, /],
      [{ customer: { email: 'nobody' } }, /^customer\.email must be an e-mail address such as .* left out/],
      [{ customer: { phoneNumber: '010-12' } }, /^customer\.phoneNumber must be a telephone number such as /],
      [{ customer: { phoneNumber: 'call me' } }, /^customer\.phoneNumber must be /],
      [{ storeDetails: { storeName: ' ' } }, /^storeDetails\.storeName must not be blank/],
      [{ displayAmount: -1 }, /^displayAmount must be an integer of at least 0/, 'ISSUE_BILLING_KEY'],
      [{ offerPeriod: { range: { from: '2026-02-01T00:00:00+09:00', to: '2026-01-31T23:00:00+09:00' } } }, backwards],
      [{ offerPeriod: { range: { from: '2026-02-01', to: '2026-01-31' } } }, backwards, 'ISSUE_BILLING_KEY'],
      [{ offerPeriod: { range: { to: 'soon' } } }, /^offerPeriod\.range\.to must be a time such as /],
      [
        { offerPeriod: { interval: '0d' } },
        /^offerPeriod\.interval must be a number of days, months or years, such as /,
      ],
      [{ offerPeriod: { interval: '1m', range: {} } }, /^offerPeriod takes range or interval, not both/],
      [
        { ...atStore, convenienceStore: { paymentDeadline: { dueDate: 'soon' } } },
        /^convenience.*dueDate must be a date/,
      ],
      [{ ...atStore, convenienceStore: { paymentDeadline: { dueDate: '20200131' } } }, /dueDate must be in the future/],
      [
        { ...atStore, convenienceStore: { paymentDeadline: { dueDate: '20990131', validHours: 24 } } },
        /^convenienceStore\.paymentDeadline takes validHours or dueDate, not both/,
      ],
      [{ issueName: '\t' }, /^issueName must not be blank/, 'ISSUE_BILLING_KEY'],
      [
        { ordername: '귤', orderName: undefined },
        /^orderName must be given\. .* no field ordername\. Did you mean orderName\?/,
      ],
    ]
    for (const [change, words, kind] of refused) {
      const [code, message] = await toldOf(asked(change), kind)
      assert.equal(code, 'BadRequest', JSON.stringify(change))
      assert.match(String(message), words)
    }
  })

  test('is taken as the published types have it, and a misspelt field is told without refusing the rest', async () => {
    const taken: readonly (readonly [object, string?])[] = [
      ...Object.values(Locale).map((locale) => [{ locale }] as const),
      ...Object.values(PaymentPayMethod).map((payMethod) => [{ payMethod, productType: 'DIGITAL' }] as const),
      [{ locale: 'LOCALE_EN_US', payMethod: 'PAY_METHOD_CARD' }],
      [{ customer: { email: '', phoneNumber: '' } }],
      [{ customer: { email: ' buyer+tag@example.co.kr ', phoneNumber: '+82 (0)10.1234-5678' } }],
      [{ displayAmount: 0, currency: 'KRW' }, 'ISSUE_BILLING_KEY'],
      [
        {
          popup: { center: true },
          iframe: { dim: false },
          offerPeriod: { interval: '30d' },
          orderDetail: '귤 한 상자',
        },
      ],
      [{ offerPeriod: { range: { from: '2026-02-01T00:00:00+09:00' } } }],
      [{ offerPeriod: { range: { from: '2026-02-01T00:00:00+09:00', to: '2026-03-01T00:00:00+09:00' } } }],
      [{ promotionIds: ['one'], promotionGroupId: 'group', appScheme: 'shop://', merpayCategoryId: 'x' }],
      [{ bypass: { kcp_v2: { site_cd: 'T0000' } }, storeDetails: { storeNameEn: 'Shop', ceoFullName: '김나루' } }],
    ]
    for (const [change, kind] of taken) {
      const { opened } = await open(asked(change), kind)
      assert.deepEqual([opened.code, opened.warnings], [undefined, undefined], JSON.stringify([change, opened]))
    }
    const { opened } = await open(
      asked({ taxfreeAmount: 10, customer: { emial: 'a@b.c', fullname: '김나루' }, mine: 1 }),
    )
    assert.deepEqual(opened.warnings, [
      'There is no field taxfreeAmount. Did you mean taxFreeAmount?',
      'There is no field customer.emial. Did you mean customer.email?',
      'There is no field customer.fullname. Did you mean customer.fullName?',
    ])
  })

  test('may leave payMethod out where the PG has one way to pay', async () => {
    for (const [provider, form] of [
      ['PAYPAL_V2', { method: 'EASY_PAY', wallets: ['PAYPAL'] }],
      ['TRIPLE_A', { method: 'CRYPTO' }],
    ] as const) {
      const other = await storeAt(naru, provider)
      const payment = asked({ storeId: other.storeId, channelKey: other.channelKey, payMethod: undefined })
      assert.deepEqual((await (await open(payment)).view()).form, form)
    }
  })

  test('offers points of cards that pay, and takes them nowhere else', async () => {
    const card = { ...cardInPage(), usesPoints: true }
    for (const kind of ['PAYMENT', 'ISSUE_BILLING_KEY', 'ISSUE_BILLING_KEY_AND_PAY']) {
      const { view, submit } = await open(asked(), kind)
      const isOffered = kind === 'PAYMENT'
      assert.equal(Object((await view()).form).takesPoints, isOffered)
      assert.equal((await submit({ card })).problem, isOffered ? undefined : 'METHOD')
    }
  })

  test('names the values that a missing choice may have', async () => {
    const missing = asked({ billingKeyAndPayMethod: undefined })
    assert.deepEqual(await toldOf(missing, 'ISSUE_BILLING_KEY_AND_PAY'), [
      'BadRequest',
      'billingKeyAndPayMethod must be given: one of MOBILE, CARD. There is no field payMethod. Did you mean billingKeyAndPayMethod?',
    ])
  })
})
