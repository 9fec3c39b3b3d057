import type { Category } from '../operation.ts'

export const apiDescription = `Naru is an open, self-hosted payment server. It speaks the PortOne V2 REST API, so that clients written for that API work
with it unchanged.

Requests and responses are JSON. Every success is HTTP 200. Every error is a JSON object whose \`type\` identifies the error.
Responses may gain new fields and new enumeration values at any time.

Amounts are integers in the minor unit of their currency: 1000 is 1,000 KRW or 10.00 USD. Instants follow RFC 3339. Fields
without a value are omitted, never null.

A subscription shop, for example, needs four calls. \`POST /billing-keys\` stores the buyer's card and returns its billing key.
\`POST /payments/{paymentId}/billing-key\` charges the first month immediately. \`POST /payments/{paymentId}/schedule\` schedules
the next month, and again whenever the webhook \`Transaction.Paid\` reports a paid month. \`DELETE /payment-schedules\` revokes
the schedules when the buyer cancels. On a sandbox store, \`POST /sandbox/clock/advance\` lets a year pass in a second. The whole
shop is \`examples/subscription-shop.mjs\` in Naru's repository.

A marketplace registers each order with \`POST /platform/transfers/order\`, once per seller. For 50,000 won with a 5,000 won
coupon, of which the seller bears 40 %, under a contract with a 10 % fee, the seller gets 50,000 − 5,000 − VAT 500 − 2,000 =
42,500. A return is \`POST /payments/{paymentId}/cancel\` and \`POST /platform/transfers/order-cancel\`. On the settlement date,
transfers become partner settlements automatically. An operator pays them with the admin API (\`GET /admin/openapi.json\`) or
\`naru payout\`. A whole month is \`examples/marketplace.mjs\`.`

export const categoryDescriptions: Readonly<Record<Category, string>> = {
  auth: 'Access tokens, as an alternative to sending the API secret with each request.',
  common: 'Reference data.',
  payment: 'Payments and refunds.',
  'payment.paymentSchedule': 'Scheduled payments with billing keys.',
  'payment.billingKey': 'Billing keys: stored payment methods that can be charged without the buyer.',
  'payment.cashReceipt': 'Cash receipts: the Korean tax document for cash-like payments.',
  'payment.promotion': 'Discounts that the merchant offers together with a card company.',
  'payment.additionalFeature': 'Features that only some payment gateways offer.',
  identityVerification: 'Identity verification.',
  pgSpecific: 'Features of a single payment gateway.',
  paymentSession: 'Payment pages that the merchant’s server creates for buyers.',
  checkoutProfile: 'The payment methods that payment pages offer.',
  reconciliation: 'Reports on payments and settlements.',
  platform: 'Partner settlement: general settings.',
  'platform.policy': 'Contracts, additional fees and the split of discounts: the terms on which orders are settled.',
  'platform.partner': 'The sellers that the merchant pays.',
  'platform.account': 'Bank account holder lookup.',
  'platform.company': 'Company lookup.',
  'platform.transfer': 'What the merchant owes partners for orders and cancellations.',
  'platform.partnerSettlement': 'What was settled with a partner on a date.',
  'platform.payout': 'Payouts to a partner.',
  'platform.bulkPayout': 'Payouts to many partners at once.',
  'platform.accountTransfer': "Transfers from the merchant's bank account.",
  'platform.bulkAccountTransfer': 'Bank transfers that were ordered together.',
  admin: 'Paying partners and setting up the checkout. Needs an admin secret, not an API secret.',
  sandbox:
    "Control over a sandbox store: its clock and the behaviour of its simulated gateway. Naru's own; PortOne has no such operations.",
}

export const securitySchemes = {
  bearerJwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: '`Authorization: Bearer <access token>`, with a token from `POST /login/api-secret`.',
  },
  // Not `http` with the scheme "portone", which tools that send requests do not know.
  portOne: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      '`Authorization: PortOne <API secret>`. At `/docs`, paste the API secret that the server shows when it starts; the word `PortOne` is added automatically. · 서버가 시작할 때 보여 주는 API 시크릿을 붙여 넣으세요.',
  },
} as const

/** Either scheme is accepted. */
export const security: Record<string, string[]>[] = [{ bearerJwt: [] }, { portOne: [] }]

export const requestBodyDescription =
  'The request as URL-encoded JSON, for clients that cannot send a body with this method. Takes precedence over the body if both are given.'

export const idempotencyKeyDescription =
  'A key of 16 to 256 ASCII characters, best in double quotes, that makes it safe to repeat the request: for 3 hours, the same key gets the first response again, and nothing is executed twice.'

export const unstableNotice = 'PortOne calls this operation unstable: it may change without notice.'

export const adminDescription = `What PortOne's hosted service does in its console only: choosing which settlements to pay, letting the money go, holding it
back, the calendar that settlements are dated by, and how shoppers pay. It has a credential of its own, from \`naru payout admin create\`; no API
secret is accepted here. Paying needs a second factor.`

export const adminSecuritySchemes = {
  naruAdmin: { type: 'http', scheme: 'naruadmin', description: '`Authorization: NaruAdmin <admin secret>`.' },
} as const

export const adminSecurity: Record<string, string[]>[] = [{ naruAdmin: [] }]
