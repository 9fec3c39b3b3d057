import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CheckoutForm, PgProvider } from '@naru/contract'
import { companyCards } from '../src/gateways/sandbox/scenarios/company-cards.ts'
import { storeAt } from './support/channels.ts'
import { browserOf, cardInPage, paymentOf } from './support/checkout.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { inParallel } from './support/parallel.ts'

describe('what a shopper may choose', async () => {
  const naru = await startNaru()
  const { open } = browserOf(naru)

  const digitalOf = (store: TestStore, others: object) => paymentOf(store, { productType: 'DIGITAL', ...others })
  const formOf = async (store: TestStore, others: object): Promise<CheckoutForm> => {
    const { opened, view } = await open(digitalOf(store, others))
    assert.equal(opened.code, undefined, JSON.stringify([others, opened]))
    return Object((await view()).form)
  }
  const resultOf = async (store: TestStore, others: object, given: object) => {
    const { submit, state } = await open(digitalOf(store, others))
    const { kind } = await submit(given)
    if (kind === 'challenge') await submit({ ...given, otp: '000000' })
    return await state()
  }
  /** Pays once with each choice that the page offers. */
  const assertPayable = (store: TestStore, others: object, choices: readonly object[]) =>
    inParallel([...choices], 4, async (given) => {
      const { code, message } = await resultOf(store, others, given)
      assert.equal(code, undefined, JSON.stringify([others, given, message]))
    })
  const months = (monthOption: object) => ({ card: { installment: { monthOption } } })
  const cardForm = async (store: TestStore, others: object) => {
    const form = await formOf(store, others)
    return form.method === 'CARD' ? form : assert.fail(form.method)
  }

  const upTo = (most: number) => [0, ...Array.from({ length: most - 1 }, (_, index) => index + 2)]
  const offers: readonly (readonly [PgProvider, object, readonly number[]])[] = [
    ['TOSSPAYMENTS', months({ availableMonthList: [3, 60] }), upTo(12)],
    ['TOSSPAYMENTS', months({ availableMonthList: [18] }), upTo(12)],
    ['TOSSPAYMENTS', months({ availableMonthList: [6] }), upTo(6)],
    ['KCP_V2', months({ availableMonthList: [6, 12, 24, 60] }), [6, 12]],
    ['NICE_V2', months({ fixedMonth: 12 }), [12]],
    ['NICE_V2', months({ fixedMonth: 1 }), [0]],
    ['KAKAOPAY', {}, upTo(12)],
  ]
  for (const [provider, others, expected] of offers)
    test(`${provider}, ${JSON.stringify(others)}: each number of instalments that is offered can be paid`, async () => {
      const store = await storeAt(naru, provider)
      const payment = { ...others, payMethod: 'CARD' }
      assert.deepEqual((await cardForm(store, payment)).months, expected)
      const choices = expected.map((month) => ({ card: { ...cardInPage(), month } }))
      await assertPayable(store, payment, choices)
    })

  test('instalments without interest are offered for months that can be paid, by the plans for this PG together', async () => {
    const store = await storeAt(naru, 'TOSSPAYMENTS')
    const plan = (cardCompany: string, planned: readonly number[], pgProvider?: string) => ({
      cardCompany,
      months: planned,
      pgProvider,
    })
    const freeInstallmentPlans = [
      plan('SHINHAN_CARD', [0, 1, 2, 24]),
      plan('CARD_COMPANY_SHINHAN_CARD', [3]),
      plan('HYUNDAI_CARD', [4], 'PG_PROVIDER_KCP_V2'),
      plan('SAMSUNG_CARD', [5], 'TOSSPAYMENTS'),
      plan('NH_CARD', [24]),
    ]
    const card = { installment: { monthOption: { availableMonthList: [24] }, freeInstallmentPlans } }
    const form = await cardForm(store, { card })
    assert.deepEqual(form.freeMonths, { SHINHAN_CARD: [2, 3], SAMSUNG_CARD: [5] })
    const [company, month] = ['SHINHAN_CARD', 3] as const
    const free = { card: { ...cardInPage(companyCards[company]), month, issuer: company } }
    await assertPayable(store, { card }, [free])
  })

  test('each card company, bank, carrier, wallet and gift certificate that is offered can be paid with', async () => {
    const store = await naru.newStore()
    const account = {
      payMethod: 'VIRTUAL_ACCOUNT',
      virtualAccount: { availableBanks: ['BANK_OF_KOREA', 'SHINHAN_BANK', 'TOSS_BANK'] },
    }
    const limited = await formOf(store, account)
    assert.deepEqual(limited.method === 'VIRTUAL_ACCOUNT' && limited.banks, ['SHINHAN', 'TOSS'])
    const customer = { name: '김나루', phoneNumber: '01012345678', email: 'naru@example.com' }
    const methods = ['CARD', 'VIRTUAL_ACCOUNT', 'TRANSFER', 'EASY_PAY', 'MOBILE', 'GIFT_CERTIFICATE', 'ALIPAY_PLUS']
    for (const others of [account, ...methods.map((payMethod) => ({ payMethod }))])
      await assertPayable(
        store,
        others,
        choicesIn(await formOf(store, others)).map((given) => ({ customer, ...given })),
      )
  })

  test('what can never be chosen opens no window, and the refusal has the field and what can', async () => {
    const bank = 'BANK_OF_KOREA'
    const refused: readonly (readonly [object, RegExp])[] = [
      [months({ fixedMonth: 13 }), /^card\.installment\.monthOption\.fixedMonth: .* not in 13\.$/],
      [
        months({ availableMonthList: [24, 18] }),
        /^card\.installment\.monthOption\.availableMonthList: .* 0 \(at once\), 2, .* 12 /,
      ],
      [
        { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount: { bankCode: bank } },
        /^virtualAccount\.bankCode: no account can be issued at BANK_OF_KOREA\. Use another bank, such as KOOKMIN\.$/,
      ],
      [
        { payMethod: 'VIRTUAL_ACCOUNT', virtualAccount: { availableBanks: [bank] } },
        /^virtualAccount\.availableBanks: no account can be issued at BANK_OF_KOREA\./,
      ],
    ]
    const store = await storeAt(naru, 'KCP_V2')
    for (const [change, words] of refused) {
      const { opened } = await open(digitalOf(store, change))
      assert.equal(opened.code, 'RequestParseFailed', JSON.stringify([change, opened]))
      assert.match(String(opened.message), words)
    }
  })
})

/** What the page would submit, once for each choice. */
const choicesIn = (form: CheckoutForm): readonly object[] => {
  switch (form.method) {
    case 'CARD':
      return form.issuers.map((issuer) => ({ card: { ...cardInPage(companyCards[issuer]), issuer } }))
    case 'VIRTUAL_ACCOUNT':
      return form.banks.map((bank) => ({ account: { bank } }))
    case 'TRANSFER':
      return form.banks.map((bank) => ({ account: { bank, number: '110123456789' } }))
    case 'EASY_PAY':
      return form.wallets.map((wallet) => ({ wallet }))
    case 'MOBILE':
      return form.carriers.map((carrier) => ({ mobile: { carrier, birth: '9001011' } }))
    case 'GIFT_CERTIFICATE':
      return form.types.map((type) => ({ giftCertificate: { type, number: '12345678' } }))
    case 'CONVENIENCE_STORE':
    case 'CRYPTO':
    case 'IDENTITY':
      return [{}]
  }
}
