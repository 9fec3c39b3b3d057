import type { Category } from '../operation.ts'

export const apiDescription = `Naru is an open, self-hosted payment server. It speaks the PortOne V2 REST API, so that clients written for that API work
with it unchanged.

Requests and responses are JSON. Every success is HTTP 200. Every error is a JSON object whose \`type\` says which error
it is; further fields may appear at any time, as may new values of enumerations in responses.

Amounts are integers in the minor unit of their currency: 1000 is 1,000 KRW or 10.00 USD. Instants follow RFC 3339.
Fields without a value are absent, never null.

A subscription shop, for example, is four calls. \`POST /billing-keys\` stores the buyer's card and answers its billing key;
\`POST /payments/{paymentId}/billing-key\` charges the first month at once; \`POST /payments/{paymentId}/schedule\` plans the
next one, and again whenever the webhook \`Transaction.Paid\` tells of a month that is paid; \`DELETE /payment-schedules\`
revokes what is planned when the buyer leaves. On a sandbox store \`POST /sandbox/clock/advance\` lets a year of it pass in a
second. The whole shop is \`examples/subscription-shop.mjs\` in Naru's repository.

A marketplace registers each order with \`POST /platform/transfers/order\`, once for each seller. Of 50,000 won with a coupon of
5,000, whose 40 % the seller bears, a contract of 10 % leaves 50,000 − 5,000 − VAT 500 − 2,000 = 42,500. A return is \`POST
/payments/{paymentId}/cancel\` and \`POST /platform/transfers/order-cancel\`. On the date that the contract names, transfers become
partner settlements by themselves; people pay those with the admin API (\`GET /admin/openapi.json\`) or \`naru payout\`. The whole
month is \`examples/marketplace.mjs\`.`

export const categoryDescriptions: Readonly<Record<Category, string>> = {
  auth: 'Tokens for those who prefer them to sending the API secret with each request.',
  common: 'Reference data.',
  payment: 'Taking money and giving it back.',
  'payment.paymentSchedule': 'Payments with billing keys at a given time.',
  'payment.billingKey': 'Billing keys: stored payment methods that can be charged without the buyer.',
  'payment.cashReceipt': 'Cash receipts: the Korean tax document for payments that are like cash.',
  'payment.promotion': 'Discounts the merchant grants together with a card company.',
  'payment.additionalFeature': 'What only some payment gateways offer.',
  identityVerification: 'Verifying who a person is.',
  pgSpecific: 'What only one payment gateway offers.',
  paymentSession: 'Pages on which buyers pay, made by the merchant’s server.',
  checkoutProfile: 'Which ways to pay such pages offer.',
  reconciliation: 'Reports on what was paid and settled.',
  platform: 'Settling with partners: rules for all of it.',
  'platform.policy': 'Contracts, additional fees and the split of discounts: the terms on which orders are settled.',
  'platform.partner': 'The sellers whom the merchant pays.',
  'platform.account': 'Looking up who holds a bank account.',
  'platform.company': 'Looking companies up.',
  'platform.transfer': 'What orders and cancellations owe to partners.',
  'platform.partnerSettlement': 'What was settled with a partner on a day.',
  'platform.payout': 'What a partner is paid.',
  'platform.bulkPayout': 'Runs that pay many partners.',
  'platform.accountTransfer': "Movements on the merchant's bank account.",
  'platform.bulkAccountTransfer': 'Movements at the bank that were ordered together.',
  admin: 'Paying partners and setting up the checkout: what people decide, with a credential that no API secret has.',
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
      '`Authorization: PortOne <API secret>`. At `/docs`, paste the API secret that the server shows at its start; the word before it is put in. · 서버가 시작할 때 보여 주는 API 시크릿을 붙여 넣으세요.',
  },
} as const

/** Either scheme will do. */
export const security: Record<string, string[]>[] = [{ bearerJwt: [] }, { portOne: [] }]

export const requestBodyDescription =
  'The request as URL-encoded JSON, for clients that cannot send a body with this method. Wins over the body where both are given.'

export const idempotencyKeyDescription =
  'A key of 16 to 256 ASCII characters, best in double quotes, that makes repeating the request safe: for 3 hours, the same key gets the first answer again and nothing is done twice.'

export const unstableNotice = 'PortOne calls this operation unstable: it may change without notice.'

export const adminDescription = `What PortOne's hosted service does in its console only: choosing which settlements to pay, letting the money go, holding it
back, the calendar that settlements are dated by, and how shoppers pay. It has a credential of its own, from \`naru payout admin create\`; no API
secret is accepted here. Paying needs a second factor.`

export const adminSecuritySchemes = {
  naruAdmin: { type: 'http', scheme: 'naruadmin', description: '`Authorization: NaruAdmin <admin secret>`.' },
} as const

export const adminSecurity: Record<string, string[]>[] = [{ naruAdmin: [] }]
