import { array, boolean, dateTime, enumeration, integer, object, optional, type Static, string } from '../schema.ts'
import { CardBrand, CardOwnerType, CardType } from './card.ts'
import { Currency } from './currency.ts'
import { PaymentFilterInputEscrowStatus } from './escrow.ts'
import { DateTimeRange, PageInfo, PageInput, SortOrder } from './list.ts'
import { Payment } from './payment.ts'
import { CashReceiptInputType, PaymentCashReceiptStatus } from './payment-cash-receipt.ts'
import { PaymentMethodGiftCertificateType, PaymentMethodType } from './payment-method.ts'
import { PgProvider } from './pg-provider.ts'
import { PortOneVersion } from './version.ts'
import { PaymentWebhookStatus } from './webhook.ts'

export const PaymentTextSearchField = enumeration('PaymentTextSearchField', '', [
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

export const PaymentTextSearch = object('PaymentTextSearch', '', {
  field: PaymentTextSearchField,
  value: string(),
})
export type PaymentTextSearch = Static<typeof PaymentTextSearch>

export const PaymentSortBy = enumeration('PaymentSortBy', '', ['REQUESTED_AT', 'STATUS_CHANGED_AT'])
export type PaymentSortBy = Static<typeof PaymentSortBy>

export const PaymentTimestampType = enumeration('PaymentTimestampType', '', ['CREATED_AT', 'STATUS_CHANGED_AT'])
export type PaymentTimestampType = Static<typeof PaymentTimestampType>

export const PaymentClientType = enumeration('PaymentClientType', '', ['SDK_MOBILE', 'SDK_PC', 'API'])
export type PaymentClientType = Static<typeof PaymentClientType>

export const PaymentStatus = enumeration('PaymentStatus', '', [
  'READY',
  'PENDING',
  'VIRTUAL_ACCOUNT_ISSUED',
  'PAID',
  'FAILED',
  'PARTIAL_CANCELLED',
  'CANCELLED',
])
export type PaymentStatus = Static<typeof PaymentStatus>

export const PaymentFilterInput = object('PaymentFilterInput', '', {
  merchantId: optional(string()),
  storeId: optional(string()),
  timestampType: optional(PaymentTimestampType),
  from: optional(dateTime()),
  until: optional(dateTime()),
  status: optional(array(PaymentStatus)),
  methods: optional(array(PaymentMethodType)),
  pgProvider: optional(array(PgProvider)),
  isTest: optional(boolean()),
  isScheduled: optional(boolean()),
  sortBy: optional(PaymentSortBy),
  sortOrder: optional(SortOrder),
  version: optional(PortOneVersion),
  webhookStatus: optional(PaymentWebhookStatus),
  platformType: optional(PaymentClientType),
  currency: optional(Currency),
  isEscrow: optional(boolean()),
  escrowStatus: optional(PaymentFilterInputEscrowStatus),
  cardBrand: optional(CardBrand),
  cardType: optional(CardType),
  cardOwnerType: optional(CardOwnerType),
  giftCertificateType: optional(PaymentMethodGiftCertificateType),
  cashReceiptType: optional(CashReceiptInputType),
  cashReceiptStatus: optional(PaymentCashReceiptStatus),
  cashReceiptIssuedAtRange: optional(DateTimeRange),
  cashReceiptCancelledAtRange: optional(DateTimeRange),
  textSearch: optional(array(PaymentTextSearch)),
})
export type PaymentFilterInput = Static<typeof PaymentFilterInput>

export const GetPaymentsBody = object('GetPaymentsBody', '', {
  page: optional(PageInput),
  filter: optional(PaymentFilterInput),
})
export type GetPaymentsBody = Static<typeof GetPaymentsBody>

export const GetPaymentsResponse = object('GetPaymentsResponse', '', {
  items: array(Payment),
  page: PageInfo,
})
export type GetPaymentsResponse = Static<typeof GetPaymentsResponse>

export const PaymentWithCursor = object('PaymentWithCursor', '', {
  payment: Payment,
  cursor: string(),
})
export type PaymentWithCursor = Static<typeof PaymentWithCursor>

export const GetAllPaymentsByCursorBody = object('GetAllPaymentsByCursorBody', '', {
  storeId: optional(string()),
  from: optional(dateTime()),
  until: optional(dateTime()),
  cursor: optional(string()),
  size: optional(integer()),
})
export type GetAllPaymentsByCursorBody = Static<typeof GetAllPaymentsByCursorBody>

export const GetAllPaymentsByCursorResponse = object('GetAllPaymentsByCursorResponse', '', {
  items: array(PaymentWithCursor),
})
export type GetAllPaymentsByCursorResponse = Static<typeof GetAllPaymentsByCursorResponse>
