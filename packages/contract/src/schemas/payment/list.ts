import {
  array,
  boolean,
  dateTime,
  described,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { CardBrand, CardOwnerType, CardType } from '../common/card.ts'
import { Currency } from '../common/currency.ts'
import { DateTimeRange, PageInfo, PageInput, SortOrder, usualFrom, usualUntil } from '../common/list.ts'
import { PgProvider } from '../common/pg-provider.ts'
import { PortOneVersion } from '../common/version.ts'
import { PaymentWebhookStatus } from '../common/webhook.ts'
import { CashReceiptInputType, PaymentCashReceiptStatus } from './cash-receipt.ts'
import { PaymentFilterInputEscrowStatus } from './escrow.ts'
import { PaymentMethodGiftCertificateType, PaymentMethodType } from './method.ts'
import { Payment } from './payment.ts'

export const PaymentTextSearchField = enumeration('PaymentTextSearchField', 'Where to look for a text.', [
  'ALL',
  'PAYMENT_ID',
  'TX_ID',
  'SCHEDULE_ID',
  'FAIL_REASON',
  'CARD_ISSUER',
  'CARD_ACQUIRER',
  'CARD_BIN',
  'CARD_NUMBER',
  'CARD_APPROVAL_NUMBER',
  'CARD_RECEIPT_NAME',
  'CARD_INSTALLMENT',
  'TRANS_BANK',
  'VIRTUAL_ACCOUNT_HOLDER_NAME',
  'VIRTUAL_ACCOUNT_BANK',
  'VIRTUAL_ACCOUNT_NUMBER',
  'PG_MERCHANT_ID',
  'PG_TX_ID',
  'PG_RECEIPT_ID',
  'RECEIPT_APPROVAL_NUMBER',
  'PG_CANCELLATION_ID',
  'CANCEL_REASON',
  'ORDER_NAME',
  'CUSTOMER_NAME',
  'CUSTOMER_EMAIL',
  'CUSTOMER_PHONE_NUMBER',
  'CUSTOMER_ADDRESS',
  'CUSTOMER_ZIPCODE',
  'USER_AGENT',
  'BILLING_KEY',
  'PROMOTION_ID',
  'GIFT_CERTIFICATION_APPROVAL_NUMBER',
])
export type PaymentTextSearchField = Static<typeof PaymentTextSearchField>

export const PaymentTextSearch = object('PaymentTextSearch', 'A text to find.', {
  field: PaymentTextSearchField,
  value: string(
    'What to find. Must match the whole field; with the field `ALL`, the beginning of any. The first 200 characters are compared.',
  ),
})
export type PaymentTextSearch = Static<typeof PaymentTextSearch>

export const PaymentSortBy = enumeration(
  'PaymentSortBy',
  'What payments are sorted by. `REQUESTED_AT`: the request of the latest try. `STATUS_CHANGED_AT`: as in `PaymentTimestampType`.',
  ['REQUESTED_AT', 'STATUS_CHANGED_AT'],
)
export type PaymentSortBy = Static<typeof PaymentSortBy>

export const PaymentTimestampType = enumeration(
  'PaymentTimestampType',
  'Which instant of a payment a range of time is about. `CREATED_AT`: when it was first requested. `STATUS_CHANGED_AT`: the instant ' +
    'that belongs to its status, which is `requestedAt` of one that is READY, `paidAt` of one that is PAID, `failedAt` of one that ' +
    'is FAILED, the latest `cancelledAt` of one that is PARTIAL_CANCELLED or CANCELLED, and `statusChangedAt` of any other. What a ' +
    'payment gateway approved before it was known is found by the earlier instant, the approval: to be told of every change, use ' +
    'webhooks, or `GET /payment-events-by-cursor` from the last cursor on.',
  ['CREATED_AT', 'STATUS_CHANGED_AT'],
)
export type PaymentTimestampType = Static<typeof PaymentTimestampType>

export const PaymentClientType = enumeration('PaymentClientType', 'Where a payment was begun, to filter by.', [
  'SDK_MOBILE',
  'SDK_PC',
  'API',
])
export type PaymentClientType = Static<typeof PaymentClientType>

/** A payment calls its status `PAY_PENDING`, PortOne's filter `PENDING`: whoever copies one into the other is understood. */
export const PaymentStatus = enumeration('PaymentStatus', 'The status of a payment, to filter by.', [
  'READY',
  'PENDING',
  'PAY_PENDING',
  'VIRTUAL_ACCOUNT_ISSUED',
  'PAID',
  'FAILED',
  'PARTIAL_CANCELLED',
  'CANCELLED',
])
export type PaymentStatus = Static<typeof PaymentStatus>

export const PaymentFilterInput = object(
  'PaymentFilterInput',
  'Which payments to return. A payment must meet every condition given.',
  {
    merchantId: optional(string('Only this merchant, which must be the one of the credential.')),
    storeId: optional(string('Only this store. Defaults to all stores the credential reaches.')),
    timestampType: optional(
      described(PaymentTimestampType, 'Which instant `from` and `until` are about. Defaults to `STATUS_CHANGED_AT`.'),
    ),
    from: optional(dateTime(`The earliest instant of \`timestampType\`, inclusive. ${usualFrom}`)),
    until: optional(dateTime(`The latest instant of \`timestampType\`, inclusive. ${usualUntil}`)),
    status: optional(array(PaymentStatus, 'Any of these statuses.')),
    methods: optional(array(PaymentMethodType, 'Any of these payment methods.')),
    pgProvider: optional(array(PgProvider, 'Any of these payment gateways.')),
    isTest: optional(boolean('True for payments through test channels, false for live ones.')),
    isScheduled: optional(boolean('True for payments made by a schedule, false for the others.')),
    sortBy: optional(described(PaymentSortBy, 'Defaults to the instant of `timestampType`.')),
    sortOrder: optional(described(SortOrder, 'Defaults to `DESC`.')),
    version: optional(PortOneVersion),
    webhookStatus: optional(
      described(PaymentWebhookStatus, "What became of the webhook about the payment's latest status."),
    ),
    platformType: optional(PaymentClientType),
    currency: optional(Currency),
    isEscrow: optional(boolean('True for escrow payments, false for the others.')),
    escrowStatus: optional(PaymentFilterInputEscrowStatus),
    cardBrand: optional(CardBrand),
    cardType: optional(CardType),
    cardOwnerType: optional(CardOwnerType),
    giftCertificateType: optional(PaymentMethodGiftCertificateType),
    cashReceiptType: optional(CashReceiptInputType),
    cashReceiptStatus: optional(PaymentCashReceiptStatus),
    cashReceiptIssuedAtRange: optional(described(DateTimeRange, 'When the cash receipt was issued.')),
    cashReceiptCancelledAtRange: optional(described(DateTimeRange, 'When the cash receipt was cancelled.')),
    textSearch: optional(array(PaymentTextSearch, 'Texts that must all be found.')),
  },
)
export type PaymentFilterInput = Static<typeof PaymentFilterInput>

export const GetPaymentsBody = object('GetPaymentsBody', 'Which payments to return.', {
  page: optional(PageInput),
  filter: optional(PaymentFilterInput),
})
export type GetPaymentsBody = Static<typeof GetPaymentsBody>

export const GetPaymentsResponse = object('GetPaymentsResponse', 'A page of payments.', {
  items: array(Payment, 'The items found, possibly none.'),
  page: PageInfo,
})
export type GetPaymentsResponse = Static<typeof GetPaymentsResponse>

export const PaymentWithCursor = object('PaymentWithCursor', 'A payment and where to go on after it.', {
  payment: Payment,
  cursor: string('Pass it to go on after this item.'),
})
export type PaymentWithCursor = Static<typeof PaymentWithCursor>

export const GetAllPaymentsByCursorBody = object('GetAllPaymentsByCursorBody', 'Which payments to return.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  from: optional(dateTime('The earliest instant, inclusive. Defaults to 90 days before `until`.')),
  until: optional(dateTime('The latest instant, inclusive. Defaults to now.')),
  cursor: optional(string('Where to go on: the cursor of the last item received. Leave out to begin.')),
  size: optional(integer('How many items to return at most. Defaults to 10, at most 1000.')),
})
export type GetAllPaymentsByCursorBody = Static<typeof GetAllPaymentsByCursorBody>

export const GetAllPaymentsByCursorResponse = object('GetAllPaymentsByCursorResponse', 'The next payments.', {
  items: array(PaymentWithCursor, 'The items found, possibly none.'),
})
export type GetAllPaymentsByCursorResponse = Static<typeof GetAllPaymentsByCursorResponse>
