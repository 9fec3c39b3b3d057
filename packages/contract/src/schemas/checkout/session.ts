import {
  amount,
  array,
  date,
  dateTime,
  described,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { Country } from '../common/country.ts'
import { Currency } from '../common/currency.ts'

export const CheckoutPaymentMethod = enumeration('CheckoutPaymentMethod', 'A way to pay that a checkout offers.', [
  'CARD_KR',
  'N_PAY',
  'KAKAO_PAY',
  'TOSS_PAY',
  'CARD_INTERNATIONAL',
  'PAY_PAL',
  'UNION_PAY',
  'ALIPAY_CN',
  'ALIPAY_HK',
  'TRUE_MONEY',
  'DANA',
  'TOUCH_N_GO',
  'G_CASH',
  'WE_CHAT_PAY',
  'KLARNA',
  'E_CONTEXT',
  'GRAB_PAY_MY',
  'GRAB_PAY_SG',
  'SHOPEE_PAY_TH',
  'PAY_PAY',
  'BPI',
  'RABBIT_LINE_PAY',
  'CONVENIENCE_STORE_JP',
  'AMAZON_PAY',
  'RAKUTEN_PAY',
  'D_BARAI',
  'AU_PAY',
  'MERPAY',
])
export type CheckoutPaymentMethod = Static<typeof CheckoutPaymentMethod>

export const PaymentSessionProduct = object('PaymentSessionProduct', 'Something that is ordered.', {
  id: optional(string('The merchant’s id of the product.')),
  name: string('What the buyer sees as its name.'),
  code: optional(string('A code of the product, such as its SKU.')),
  unitPrice: amount('The price of one, in the minor unit of the currency.'),
  quantity: integer('How many.'),
  startDate: optional(date('The first day of what is delivered over time, such as a subscription.')),
  endDate: optional(date('The last day of what is delivered over time.')),
  url: optional(string('Where it is sold.')),
  nPayCategoryType: optional(string('The type of its category at Naver Pay.')),
  nPayCategoryId: optional(string('The id of its category at Naver Pay.')),
  nPayUid: optional(string('Its id at Naver Pay.')),
})
export type PaymentSessionProduct = Static<typeof PaymentSessionProduct>

export const PaymentSessionAgreement = object('PaymentSessionAgreement', 'Terms that the buyer has to agree to.', {
  name: string('What the buyer agrees to.'),
  url: string('Where the terms can be read.'),
})
export type PaymentSessionAgreement = Static<typeof PaymentSessionAgreement>

export const PaymentSessionColors = object(
  'PaymentSessionColors',
  'Colours of the page, as CSS writes them: `#1d54d8`, `rgb(29 84 216)`, `hsl(222 76% 48%)` or a name.',
  {
    primary: optional(string('The colour of the main button.')),
    primaryHover: optional(string('The same under the pointer.')),
    primaryLight: optional(string('The colour behind what is chosen.')),
  },
)
export type PaymentSessionColors = Static<typeof PaymentSessionColors>

const facts = {
  storeId: string('The store.'),
  paymentId: string('The merchant’s id of the payment that the session is for.'),
  profileKey: string('The checkout profile that says which ways to pay are offered.'),
  paymentMethod: optional(
    described(
      CheckoutPaymentMethod,
      'The way to pay. Where nothing else has to be asked, the order sheet is left out.',
    ),
  ),
  country: described(Country, 'The country of the buyer.'),
  currency: described(Currency, 'The currency of the payment.'),
  totalAmount: amount('What is to be paid, in the minor unit of the currency.'),
  orderName: string('What the buyer sees as the name of the order.'),
  redirectUrl: optional(string('Where the buyer goes afterwards. Defaults to a page that shows the result.')),
  products: optional(array(PaymentSessionProduct, 'What is ordered.')),
  customerName: optional(string('The name of the buyer.')),
  customerEmail: optional(string('The e-mail address of the buyer.')),
  storeName: optional(string('The name of the shop as the buyer sees it. Defaults to the name of the store.')),
  agreements: optional(array(PaymentSessionAgreement, 'Terms. The buyer can pay after agreeing to all of them.')),
  orderImageUrl: optional(string('A picture of the order.')),
  customData: optional(
    string(
      'Any text of the merchant, kept with the payment and returned as it was. Whoever has the session’s id can read it.',
    ),
  ),
  colors: optional(PaymentSessionColors),
}

export const CreatePaymentSessionBody = object('CreatePaymentSessionBody', 'The session to create.', {
  ...facts,
  ttlSeconds: optional(integer('For how many seconds the session can be paid. Defaults to a day; at most 30 days.')),
})
export type CreatePaymentSessionBody = Static<typeof CreatePaymentSessionBody>

export const CreatePaymentSessionResponse = object('CreatePaymentSessionResponse', 'The session was created.', {
  sessionId: string('The id of the session. Whoever has it can see the order and pay it.'),
  url: string('The page to send the buyer to.'),
  expiresAt: dateTime('Until when the session can be paid.'),
})
export type CreatePaymentSessionResponse = Static<typeof CreatePaymentSessionResponse>

export const PaymentSession = object('PaymentSession', 'A session, as it was created.', {
  id: string('The id of the session.'),
  ...facts,
  createdAt: dateTime('When it was created.'),
  expiresAt: dateTime('Until when it can be paid.'),
})
export type PaymentSession = Static<typeof PaymentSession>

export const ClosePaymentSessionResponse = object('ClosePaymentSessionResponse', 'The session was closed.', {
  closedAt: dateTime('When it was closed. Closing it again changes nothing.'),
})
export type ClosePaymentSessionResponse = Static<typeof ClosePaymentSessionResponse>

export const EvaluatedCheckoutMethod = object('EvaluatedCheckoutMethod', 'A way to pay that can be offered.', {
  paymentMethod: CheckoutPaymentMethod,
  channelKey: string('The channel to pay through.'),
})
export type EvaluatedCheckoutMethod = Static<typeof EvaluatedCheckoutMethod>

export const EvaluateCheckoutProfileResponse = object(
  'EvaluateCheckoutProfileResponse',
  'The ways to pay, in the order in which the profile names them.',
  { methods: optional(array(EvaluatedCheckoutMethod, 'Empty where the profile offers none here.')) },
)
export type EvaluateCheckoutProfileResponse = Static<typeof EvaluateCheckoutProfileResponse>
