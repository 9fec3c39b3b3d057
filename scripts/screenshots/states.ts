import type { Page } from 'playwright-core'

export type Language = 'ko' | 'en'

/** What a state is made in: the page, and what may be asked of the server beside it. */
export type Circumstances = {
  readonly page: Page
  /** Calls an operation of the sandbox as the merchant. */
  readonly call: (path: string, body: object) => Promise<unknown>
}

/** One state of the checkout that is looked at. */
export type State = {
  readonly name: string
  readonly kind?: 'PAYMENT' | 'ISSUE_BILLING_KEY' | 'IDENTITY_VERIFICATION'
  readonly request?: object
  /** Before the page is loaded. */
  readonly before?: (circumstances: Circumstances) => Promise<unknown>
  /** From the form on. */
  readonly act?: (circumstances: Circumstances) => Promise<unknown>
  readonly opens?: 'nothing' | 'session' | 'form'
  readonly onlyOnPhones?: true
}

const submit = (page: Page): Promise<void> => page.locator('button[type=submit]:visible').click()
const agree = (page: Page): Promise<void> => page.locator('.agree-all').click()

const fillCard = async (page: Page, number = '4242424242424242'): Promise<void> => {
  await page.locator('[autocomplete=cc-number]').fill(number)
  await page.locator('[autocomplete=cc-exp]').fill('12/40')
  await page.locator('[name=password]').fill('12')
  await page.locator('[name=birth]').fill('900101')
  await agree(page)
}

const fillPerson = async (page: Page): Promise<void> => {
  await page.locator('[name=carrier]').selectOption({ index: 1 })
  await page.locator('[name=name]').fill('김나루')
  await page.locator('[name=birthSeven]').fill('9001011')
  await page.locator('[name=phoneNumber]').fill('01012345678')
  await agree(page)
}

const fillAccount = async (page: Page): Promise<void> => {
  await page.locator('[name=bank]').selectOption('SHINHAN')
  await page.locator('[name=name]').fill('김나루')
  await agree(page)
}

const fillTransfer = async (page: Page): Promise<void> => {
  await page.locator('[name=accountNumber]').fill('110123456789')
  await fillAccount(page)
}

/** The notice that something ended. */
const ended = (page: Page): Promise<void> => page.locator('.notice').waitFor()

const payBy = (payMethod: string, others: object = {}) => ({ payMethod, productType: 'PHYSICAL', ...others })

const instalments = {
  card: {
    useCardPoint: true,
    installment: { freeInstallmentPlans: [{ cardCompany: 'SHINHAN_CARD', months: [2, 3, 6] }] },
  },
}

const forms: readonly State[] = [
  { name: 'card' },
  { name: 'card filled', act: ({ page }) => fillCard(page) },
  {
    name: 'card instalments points',
    request: { ...instalments, totalAmount: 1_290_000 },
    act: async ({ page }) => {
      await page.locator('[name=issuer]').selectOption('SHINHAN_CARD')
      await page.locator('[name=month]').selectOption('3')
    },
  },
  { name: 'card fixed instalments', request: { card: { installment: { monthOption: { fixedMonth: 3 } } } } },
  { name: 'card promotion', request: { promotion: true, card: { cardCompany: 'SHINHAN_CARD' } } },
  { name: 'card abroad', request: { currency: 'USD', totalAmount: 123_456 } },
  {
    name: 'long names',
    request: {
      orderName:
        '제주 서귀포 햇살농원에서 갓 수확한 노지 감귤 10kg 선물세트 (무료 배송) 외 12건 https://example.com/averylongaddress',
      totalAmount: 999_999_999_999,
      storeDetails: { storeName: '아주 길고 긴 이름을 가진 나루 농산물 직거래 온라인 상점 본점' },
    },
  },
  { name: 'wallets', request: payBy('EASY_PAY') },
  { name: 'wallet KakaoPay', request: payBy('EASY_PAY', { easyPay: { easyPayProvider: 'KAKAOPAY' } }) },
  { name: 'Alipay+', request: payBy('ALIPAY_PLUS', { currency: 'USD', totalAmount: 5_000 }) },
  { name: 'PayPal', request: payBy('PAYPAL', { currency: 'USD', totalAmount: 5_000 }) },
  { name: 'Alipay', request: payBy('ALIPAY', { currency: 'CNY', totalAmount: 5_000 }) },
  { name: 'virtual account', request: payBy('VIRTUAL_ACCOUNT') },
  { name: 'transfer', request: payBy('TRANSFER') },
  {
    name: 'transfer receipt',
    request: payBy('TRANSFER'),
    act: ({ page }) => page.locator('[name=receiptType]').selectOption('PERSONAL'),
  },
  { name: 'escrow', request: payBy('TRANSFER', { isEscrow: true }) },
  { name: 'carrier', request: payBy('MOBILE') },
  { name: 'gift certificate', request: payBy('GIFT_CERTIFICATE') },
  { name: 'convenience store', request: payBy('CONVENIENCE_STORE') },
  { name: 'crypto', request: payBy('CRYPTO') },
  {
    name: 'billing key',
    kind: 'ISSUE_BILLING_KEY',
    request: { billingKeyMethod: 'CARD', issueName: '나루 정기 구독' },
  },
  { name: 'identity', kind: 'IDENTITY_VERIFICATION' },
]

const wrongForms: readonly State[] = [
  {
    name: 'card errors',
    act: async ({ page }) => {
      await agree(page)
      await page.locator('[autocomplete=cc-number]').fill('4242424242424241')
      await page.locator('[autocomplete=cc-exp]').fill('13/40')
      await page.locator('[name=birth]').fill('9013')
      await submit(page)
    },
  },
  {
    name: 'carrier errors',
    request: payBy('MOBILE'),
    act: async ({ page }) => {
      await agree(page)
      await submit(page)
    },
  },
  {
    name: 'wallet not chosen',
    request: payBy('EASY_PAY'),
    act: async ({ page }) => {
      await agree(page)
      await submit(page)
    },
  },
  {
    name: 'expired card',
    act: async ({ page }) => {
      await fillCard(page)
      await page.locator('[autocomplete=cc-exp]').fill('01/20')
      await submit(page)
      await page.locator('[aria-invalid=true]').waitFor()
    },
  },
  {
    name: 'offline',
    act: async ({ page }) => {
      await fillCard(page)
      await page.route('**/checkout/v1/**', (route) => route.abort())
      await submit(page)
      await page.locator('.waiting .note').waitFor()
    },
  },
  {
    name: 'consent read',
    act: async ({ page }) => {
      await page.locator('.consent summary').nth(1).click()
      await page.locator('.consent input').first().focus()
    },
  },
]

const steps: readonly State[] = [
  {
    name: 'loading',
    opens: 'nothing',
    before: ({ page }) => page.route('**/checkout/v1/view', () => {}),
    act: ({ page }) => page.locator('.waiting').waitFor(),
  },
  {
    name: 'settling',
    act: async ({ page }) => {
      await page.route('**/checkout/v1/submit', () => {})
      await fillCard(page)
      await submit(page)
      await page.locator('.waiting').waitFor()
    },
  },
  {
    name: 'code',
    act: async ({ page }) => {
      await fillCard(page, '4000002500003155')
      await submit(page)
      await page.locator('[autocomplete=one-time-code]').waitFor()
    },
  },
  {
    name: 'wrong code',
    kind: 'IDENTITY_VERIFICATION',
    act: async ({ page }) => {
      await fillPerson(page)
      await submit(page)
      await page.locator('[autocomplete=one-time-code]').fill('111111')
      await submit(page)
      await page.locator('.wrong').waitFor()
    },
  },
  {
    name: 'leaving',
    act: async ({ page }) => {
      await fillCard(page)
      await page.locator('.icon-button').click()
      await page.locator('dialog').waitFor()
    },
  },
  {
    name: 'account issued',
    request: payBy('VIRTUAL_ACCOUNT'),
    act: async ({ page }) => {
      await fillAccount(page)
      await submit(page)
      await page.locator('.issued').waitFor()
    },
  },
  {
    name: 'number issued',
    request: payBy('CONVENIENCE_STORE'),
    act: async ({ page }) => {
      await agree(page)
      await submit(page)
      await page.locator('.issued').waitFor()
    },
  },
  {
    name: 'coins to send',
    request: payBy('CRYPTO'),
    act: async ({ page }) => {
      await agree(page)
      await submit(page)
      await page.locator('svg.qr-code path').waitFor()
    },
  },
  {
    name: 'coins missing',
    request: payBy('CRYPTO', { bypass: { sandbox: { testCode: 'crypto-underpaid' } } }),
    act: async ({ page, call }) => {
      await agree(page)
      await submit(page)
      await page.locator('svg.qr-code path').waitFor()
      await call('/sandbox/clock/advance', { seconds: 5 })
      await page.getByText('25 SBX').first().waitFor()
    },
  },
  {
    name: 'paid elsewhere',
    request: { paymentId: 'paid-elsewhere' },
    act: async ({ page, call }) => {
      const method = { card: { credential: { number: '4242424242424242', expiryYear: '40', expiryMonth: '12' } } }
      const order = { orderName: 'Tangerines', amount: { total: 50_000 }, currency: 'KRW' }
      await call('/payments/paid-elsewhere/instant', { channelKey: 'channel-bench', ...order, method })
      await page.locator('.notice').waitFor()
    },
  },
  {
    name: 'paid',
    act: async ({ page }) => {
      await fillCard(page)
      await submit(page)
      await ended(page)
    },
  },
  {
    name: 'declined',
    act: async ({ page }) => {
      await fillCard(page, '4000000000009995')
      await submit(page)
      await ended(page)
    },
  },
  {
    name: 'closed',
    act: async ({ page }) => {
      await page.locator('.icon-button').click()
      await ended(page)
    },
  },
  {
    name: 'key saved',
    kind: 'ISSUE_BILLING_KEY',
    request: { billingKeyMethod: 'CARD' },
    act: async ({ page }) => {
      await fillCard(page)
      await submit(page)
      await ended(page)
    },
  },
  {
    name: 'unknown',
    opens: 'nothing',
    before: ({ page }) =>
      page.route('**/checkout/v1/view', (route) =>
        route.fulfill({ status: 404, json: { code: 'TransactionNotFound' } }),
      ),
    act: ({ page }) => ended(page),
  },
  { name: 'session', opens: 'session' },
  {
    name: 'bank app',
    request: payBy('TRANSFER'),
    onlyOnPhones: true,
    act: async ({ page }) => {
      await fillTransfer(page)
      await submit(page)
      await page.waitForURL('**/sandbox-pg/**')
    },
  },
  {
    // Last, since it moves the clock for everything after it.
    name: 'expired',
    act: async ({ page, call }) => {
      await call('/sandbox/clock/advance', { minutes: 31 })
      await page.reload()
      await ended(page)
    },
  },
]

/** Every page and state of the checkout. */
export const states: readonly State[] = [...forms, ...wrongForms, ...steps]
