import Type from 'typebox'
import { amount, array, boolean, enumeration, optional, type Static, string } from '../schema.ts'
import { Bank } from '../schemas/common/bank.ts'
import { Country } from '../schemas/common/country.ts'
import { Currency } from '../schemas/common/currency.ts'
import { Gender } from '../schemas/common/customer.ts'
import { EasyPayProvider } from '../schemas/common/easy-pay-provider.ts'
import { PgProvider } from '../schemas/common/pg-provider.ts'
import { PaymentProductType } from '../schemas/common/product.ts'
import { PaymentMethodGiftCertificateType } from '../schemas/payment/method.ts'
import { cardCompanies } from '../schemas/payment/pg-card-promotion.ts'

/**
 * What a shop's page hands to PortOne's browser SDK, with every enumeration in the API's spelling (`normalized`). Fields
 * that are not named here are ignored, since the SDK gains some with every release.
 */
const text = (maximum: number) => Type.String({ minLength: 1, maxLength: maximum })
/** What shoppers and merchants read, such as the name of an order. */
const name = (maximum: number) => Type.String({ minLength: 1, maxLength: maximum, format: 'not-blank' })
const id = text(255)
const url = text(2_000)

export const CardCompany = enumeration('CardCompany', 'A card company, as the browser SDK names it.', cardCompanies)
export type CardCompany = Static<typeof CardCompany>

export const browserPayMethods = [
  'CARD',
  'VIRTUAL_ACCOUNT',
  'TRANSFER',
  'MOBILE',
  'GIFT_CERTIFICATE',
  'EASY_PAY',
  'PAYPAL',
  'ALIPAY',
  'CONVENIENCE_STORE',
  'ALIPAY_PLUS',
  'CRYPTO',
] as const

export const BrowserPayMethod = enumeration('BrowserPayMethod', 'How the shopper is to pay.', browserPayMethods)
export type BrowserPayMethod = Static<typeof BrowserPayMethod>

const Carrier = enumeration('Carrier', 'A mobile carrier.', ['SKT', 'KT', 'LGU', 'HELLO', 'KCT', 'SK7'])
const WindowType = enumeration('WindowType', 'How a window opens.', ['IFRAME', 'POPUP', 'REDIRECTION', 'UI'])
const CashReceiptType = enumeration('BrowserCashReceiptType', 'A kind of cash receipt.', [
  'PERSONAL',
  'CORPORATE',
  'ANONYMOUS',
])

/** Those that `@portone/browser-sdk` has. The page speaks Korean in all but English. */
const Locale = enumeration('BrowserLocale', 'A language and a country.', [
  'KO_KR',
  'EN_US',
  'ZH_CN',
  'ZH_TW',
  'JA_JP',
  'RU_RU',
  'TH_TH',
  'VI_VN',
  'ID_ID',
  'FR_FR',
  'NL_NL',
  'ES_ES',
  'PT_PT',
  'PT_BR',
  'DE_DE',
  'IT_IT',
  'PL_PL',
  'AR_001',
  'TR_TR',
  'SV_SE',
  'FI_FI',
  'UK_UA',
  'EL_GR',
  'TL_PH',
  'HI_IN',
  'HR_HR',
  'LT_LT',
  'SL_SI',
  'SR_RS',
  'BG_BG',
])

const Address = Type.Object({
  country: optional(Country),
  addressLine1: text(1_000),
  addressLine2: Type.String({ maxLength: 1_000 }),
  city: optional(string()),
  province: optional(string()),
})

const BrowserCustomer = Type.Object({
  customerId: optional(id),
  fullName: optional(string()),
  firstName: optional(string()),
  lastName: optional(string()),
  // The page fills them in, and would not take them back.
  phoneNumber: optional(Type.String({ format: 'telephone-if-given' })),
  email: optional(Type.String({ format: 'e-mail-if-given' })),
  address: optional(Address),
  zipcode: optional(string()),
  gender: optional(Gender),
  birthYear: optional(string()),
  birthMonth: optional(string()),
  birthDay: optional(string()),
})
export type BrowserCustomer = Static<typeof BrowserCustomer>

const MonthOption = Type.Object({
  fixedMonth: optional(Type.Integer({ minimum: 0, maximum: 60 })),
  availableMonthList: optional(Type.Array(Type.Integer({ minimum: 0, maximum: 60 }), { maxItems: 61 })),
})

const Installment = Type.Object({
  monthOption: optional(MonthOption),
  freeInstallmentPlans: optional(
    Type.Array(
      Type.Object({
        cardCompany: CardCompany,
        /** Of which PG the plan is; of any where it is left out. */
        pgProvider: optional(PgProvider),
        months: Type.Array(Type.Integer({ minimum: 0, maximum: 60 })),
      }),
      { maxItems: 100 },
    ),
  ),
})

const CardOptions = Type.Object({
  cardCompany: optional(CardCompany),
  availableCards: optional(Type.Array(CardCompany, { maxItems: 30 })),
  useFreeInterestFromMall: optional(boolean()),
  installment: optional(Installment),
  useCardPoint: optional(boolean()),
  useInstallment: optional(boolean()),
})

const receipt = { cashReceiptType: optional(CashReceiptType), customerIdentifier: optional(text(30)) }

const AccountOptions = Type.Object({
  ...receipt,
  bankCode: optional(Bank),
  availableBanks: optional(Type.Array(Bank, { maxItems: 100 })),
  accountExpiry: optional(
    Type.Object({ validHours: optional(Type.Integer({ minimum: 1, maximum: 8_784 })), dueDate: optional(text(40)) }),
  ),
  fixedOption: optional(Type.Object({ pgAccountId: optional(id), accountNumber: optional(text(40)) })),
})

const Deadline = Type.Object({
  validHours: optional(Type.Integer({ minimum: 24, maximum: 720 })),
  dueDate: optional(text(40)),
})

/** How long what is bought is provided. */
const OfferPeriod = Type.Object({
  range: optional(Type.Object({ from: optional(text(40)), to: optional(text(40)) })),
  interval: optional(text(20)),
})
export type OfferPeriod = Static<typeof OfferPeriod>

const common = {
  storeId: id,
  channelKey: optional(id),
  customer: optional(BrowserCustomer),
  windowType: optional(Type.Object({ pc: optional(WindowType), mobile: optional(WindowType) })),
  redirectUrl: optional(url),
  forceRedirect: optional(boolean()),
  noticeUrls: optional(Type.Array(url, { maxItems: 5 })),
  locale: optional(Locale),
  storeDetails: optional(Type.Object({ storeName: optional(name(100)) })),
  bypass: optional(Type.Object({ sandbox: optional(Type.Object({ testCode: optional(text(100)) })) })),
}

const order = {
  paymentId: id,
  orderName: name(255),
  totalAmount: Type.Integer({ minimum: 1, maximum: 999_999_999_999 }),
  currency: Currency,
  taxFreeAmount: optional(amount(undefined, { minimum: 0 })),
  vatAmount: optional(amount(undefined, { minimum: 0 })),
  isEscrow: optional(boolean()),
  isCulturalExpense: optional(boolean()),
  products: optional(
    Type.Array(
      Type.Object({
        id,
        name: text(255),
        amount: amount(),
        quantity: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
        code: optional(string()),
        tag: optional(string()),
        link: optional(string()),
      }),
      { maxItems: 100 },
    ),
  ),
  customData: optional(Type.Unsafe<unknown>({})),
  country: optional(Country),
  productType: optional(PaymentProductType),
  appScheme: optional(text(500)),
  offerPeriod: optional(OfferPeriod),
}

export const BrowserPayment = Type.Object({
  ...common,
  ...order,
  payMethod: optional(BrowserPayMethod),
  channelGroupId: optional(id),
  confirmUrl: optional(url),
  promotionId: optional(id),
  // What `loadPaymentUI` knows besides; without effect here.
  promotionGroupId: optional(Type.Unsafe<unknown>({})),
  promotionIds: optional(Type.Unsafe<unknown>({})),
  card: optional(CardOptions),
  virtualAccount: optional(AccountOptions),
  transfer: optional(Type.Object({ ...receipt, bankCode: optional(Bank) })),
  mobile: optional(Type.Object({ carrier: optional(Carrier), availableCarriers: optional(array(Carrier)) })),
  giftCertificate: optional(Type.Object({ giftCertificateType: optional(PaymentMethodGiftCertificateType) })),
  easyPay: optional(
    Type.Object({
      ...receipt,
      easyPayProvider: optional(EasyPayProvider),
      availableCards: optional(Type.Array(CardCompany, { maxItems: 30 })),
      availablePayMethods: optional(
        Type.Array(
          enumeration('EasyPayPayMethod', 'What a wallet pays with.', ['CARD', 'CHARGE', 'TRANSFER', 'MONEY']),
        ),
      ),
    }),
  ),
  convenienceStore: optional(Type.Object({ paymentDeadline: optional(Deadline) })),
  alipayPlus: optional(Type.Object({ easyPayProvider: optional(EasyPayProvider) })),
})
export type BrowserPayment = Static<typeof BrowserPayment>

export const BrowserBillingKey = Type.Object({
  ...common,
  billingKeyMethod: optional(
    enumeration('BrowserBillingKeyMethod', 'What is stored.', ['CARD', 'MOBILE', 'EASY_PAY', 'PAYPAL', 'TRANSFER']),
  ),
  displayAmount: optional(amount(undefined, { minimum: 0 })),
  offerPeriod: optional(OfferPeriod),
  currency: optional(Currency),
  issueName: optional(name(255)),
  issueId: optional(id),
  customData: optional(Type.Unsafe<unknown>({})),
  card: optional(Type.Object({ cardCompany: optional(CardCompany) })),
  easyPay: optional(Type.Object({ easyPayProvider: optional(EasyPayProvider) })),
})
export type BrowserBillingKey = Static<typeof BrowserBillingKey>

export const BrowserBillingKeyAndPayment = Type.Object({
  ...common,
  ...order,
  billingKeyAndPayMethod: enumeration('BrowserBillingKeyAndPayMethod', 'What is stored and charged.', [
    'MOBILE',
    'CARD',
  ]),
  issueName: optional(name(255)),
  issueId: optional(id),
  mobile: optional(Type.Object({ carrier: optional(Carrier), availableCarriers: optional(array(Carrier)) })),
})
export type BrowserBillingKeyAndPayment = Static<typeof BrowserBillingKeyAndPayment>

export const BrowserIdentityVerification = Type.Object({
  ...common,
  identityVerificationId: id,
  customData: optional(Type.Unsafe<unknown>({})),
})
export type BrowserIdentityVerification = Static<typeof BrowserIdentityVerification>
