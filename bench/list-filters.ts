/** A list's path, and all that it can be asked for, each by itself. */
export type Lists = Readonly<Record<string, Readonly<Record<string, object>>>>

const daysAgo = (days: number): string => new Date(Date.now() - days * 24 * 60 * 60 * 1_000).toISOString()

const text = (field: string, value: string) => ({ filter: { textSearch: [{ field, value }] } })

const someDays = { from: daysAgo(40), until: daysAgo(38) }

/** Receipts of the later half of their time are of no payment. */
const receiptDays = { from: daysAgo(60), until: daysAgo(58) }

const payments: Lists[string] = {
  'newest first': {},
  'oldest first': { filter: { sortOrder: 'ASC' } },
  'page 50': { page: { number: 50 } },
  'two days': { filter: someDays },
  'by creation': { filter: { timestampType: 'CREATED_AT' } },
  'sorted by request': { filter: { sortBy: 'REQUESTED_AT' } },
  'by creation, sorted by change': { filter: { timestampType: 'CREATED_AT', sortBy: 'STATUS_CHANGED_AT' } },
  'status of one in twenty': { filter: { status: ['FAILED'] } },
  'several statuses': { filter: { status: ['FAILED', 'CANCELLED', 'READY'] } },
  'status PENDING': { filter: { status: ['PENDING'] } },
  'usual status': { filter: { status: ['PAID'] } },
  'usual method': { filter: { methods: ['CARD'] } },
  'rare method': { filter: { methods: ['MOBILE'] } },
  'method of none': { filter: { methods: ['CRYPTO'] } },
  'usual PG': { filter: { pgProvider: ['TOSSPAYMENTS'] } },
  'rare PG': { filter: { pgProvider: ['KPN'] } },
  'PG of none': { filter: { pgProvider: ['INICIS_V2'] } },
  test: { filter: { isTest: true } },
  'not test': { filter: { isTest: false } },
  scheduled: { filter: { isScheduled: true } },
  'not scheduled': { filter: { isScheduled: false } },
  'version V1': { filter: { version: 'V1' } },
  'webhook SUCCEEDED': { filter: { webhookStatus: 'SUCCEEDED' } },
  'webhook FAILED': { filter: { webhookStatus: 'FAILED_NOT_OK_RESPONSE' } },
  'webhook of none': { filter: { webhookStatus: 'FAILED_UNEXPECTED_ERROR' } },
  'usual platform': { filter: { platformType: 'API' } },
  'rare platform': { filter: { platformType: 'SDK_MOBILE' } },
  'usual currency': { filter: { currency: 'KRW' } },
  'rare currency': { filter: { currency: 'USD' } },
  escrow: { filter: { isEscrow: true } },
  'escrow status': { filter: { escrowStatus: 'DELIVERED' } },
  'rare card brand': { filter: { cardBrand: 'DINERS' } },
  'rare card type': { filter: { cardType: 'GIFT' } },
  'rare card owner': { filter: { cardOwnerType: 'CORPORATE' } },
  'rare gift certificate': { filter: { giftCertificateType: 'BOOKNLIFE' } },
  'receipt PERSONAL': { filter: { cashReceiptType: 'PERSONAL' } },
  'receipt CORPORATE': { filter: { cashReceiptType: 'CORPORATE' } },
  'no receipt': { filter: { cashReceiptType: 'NO_RECEIPT' } },
  'receipt ISSUED': { filter: { cashReceiptStatus: 'ISSUED' } },
  'receipt CANCELLED': { filter: { cashReceiptStatus: 'CANCELLED' } },
  'receipt issued on two days': { filter: { cashReceiptIssuedAtRange: receiptDays } },
  'receipt cancelled in three weeks': {
    filter: { cashReceiptCancelledAtRange: { from: daysAgo(70), until: daysAgo(49) } },
  },
  'text PAYMENT_ID': text('PAYMENT_ID', 'copy-77'),
  'text TX_ID': text('TX_ID', 'transaction-77'),
  'text CUSTOMER_EMAIL': text('CUSTOMER_EMAIL', 'customer-7@example.com'),
  'text ORDER_NAME, one in a hundred': text('ORDER_NAME', 'order 7'),
  'text CARD_ISSUER, rare': text('CARD_ISSUER', 'HANA_CARD'),
  'text CARD_ISSUER, usual': text('CARD_ISSUER', 'SHINHAN_CARD'),
  'text RECEIPT_APPROVAL_NUMBER': text('RECEIPT_APPROVAL_NUMBER', '100000077'),
  'text PG_RECEIPT_ID': text('PG_RECEIPT_ID', 'receipt-77'),
  'text ALL, an id': text('ALL', 'copy-77'),
  'text ALL, an e-mail address': text('ALL', 'customer-77@'),
  'text ALL, of none': text('ALL', 'nobody'),
  'text ALL, one in a hundred': text('ALL', 'order 77'),
  'text ALL, of all': text('ALL', '010'),
}

const cursors: Lists[string] = { first: {}, 'two days': someDays }

const schedules: Lists[string] = {
  latest: {},
  'two days': { filter: someDays },
  'by creation': { sort: { by: 'CREATED_AT' } },
  'by completion': { sort: { by: 'COMPLETED_AT' } },
  'by completion, oldest first': { sort: { by: 'COMPLETED_AT', order: 'ASC' } },
  'by status': { sort: { by: 'STATUS_TIMESTAMP' } },
  'billing key': { filter: { billingKey: 'key-7' } },
  'usual status': { filter: { status: ['SUCCEEDED'] } },
  'rare status': { filter: { status: ['REVOKED'] } },
  'status of none': { filter: { status: ['PENDING'] } },
  test: { filter: { isForTest: true } },
  'not test': { filter: { isForTest: false } },
}

const billingKeys: Lists[string] = {
  latest: {},
  'two days': { filter: someDays },
  'within ISSUED_AT': { filter: { timeRangeField: 'ISSUED_AT' } },
  'within DELETED_AT': { filter: { timeRangeField: 'DELETED_AT' } },
  'within STATUS_TIMESTAMP': { filter: { timeRangeField: 'STATUS_TIMESTAMP' } },
  'by ISSUED_AT': { sort: { by: 'ISSUED_AT' } },
  'by DELETED_AT': { sort: { by: 'DELETED_AT' } },
  'by STATUS_TIMESTAMP': { sort: { by: 'STATUS_TIMESTAMP' } },
  'usual status': { filter: { status: ['ISSUED'] } },
  'rare status': { filter: { status: ['DELETED'] } },
  'channel group': { filter: { channelGroupIds: ['group-1'] } },
  'channel group of none': { filter: { channelGroupIds: ['group-2'] } },
  customer: { filter: { customerId: 'customer-7' } },
  'usual platform': { filter: { platformType: 'API' } },
  'platform of none': { filter: { platformType: 'SDK_PC' } },
  'text CUSTOMER_EMAIL': { filter: { textSearch: { field: 'CUSTOMER_EMAIL', value: 'customer-7@example.com' } } },
  'text CARD_BIN, usual': { filter: { textSearch: { field: 'CARD_BIN', value: '424242' } } },
  'rare PG': { filter: { pgProviders: ['KPN'] } },
  'PG company of none': { filter: { pgCompanies: ['SMARTRO'] } },
  'usual method': { filter: { methods: ['CARD'] } },
  'rare method': { filter: { methods: ['EASY_PAY'] } },
}

const receipts: Lists[string] = {
  latest: {},
  'two days': { filter: someDays },
  'within CANCELLED_AT': { filter: { timeRangeField: 'CANCELLED_AT' } },
  'within STATUS_UPDATED_AT': { filter: { timeRangeField: 'STATUS_UPDATED_AT' } },
  'by CANCELLED_AT': { sort: { by: 'CANCELLED_AT' } },
  'by STATUS_UPDATED_AT': { sort: { by: 'STATUS_UPDATED_AT' } },
  payment: { filter: { paymentId: 'copy-78' } },
  'not test': { filter: { isTest: false } },
  'order name': { filter: { orderName: 'order 7' } },
  'usual status': { filter: { statuses: ['ISSUED'] } },
  'rare status': { filter: { statuses: ['CANCELLED'] } },
  'status of none': { filter: { statuses: ['FAILED'] } },
  'not manual': { filter: { isManual: false } },
  pgReceiptId: { filter: { pgReceiptId: 'receipt-77' } },
  'rare pgMerchantId': { filter: { pgMerchantId: 'merchant-7' } },
  'rare PG': { filter: { pgProviders: ['KPN'] } },
  'PG company of none': { filter: { pgCompanies: ['SMARTRO'] } },
  'rare type': { filter: { types: ['CORPORATE'] } },
}

export const lists: Lists = {
  '/payments': payments,
  '/payments-by-cursor': cursors,
  '/payment-events-by-cursor': cursors,
  '/payment-schedules': schedules,
  '/billing-keys': billingKeys,
  '/cash-receipts': receipts,
}
