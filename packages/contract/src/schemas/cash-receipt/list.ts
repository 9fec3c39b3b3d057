import {
  array,
  boolean,
  dateTime,
  described,
  enumeration,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { PageInfo, PageInput, SortOrder, usualFrom, usualUntil } from '../common/list.ts'
import { PgCompany } from '../common/pg-company.ts'
import { PgProvider } from '../common/pg-provider.ts'
import { PortOneVersion } from '../common/version.ts'
import { CashReceiptType } from '../payment/cash-receipt.ts'
import { CashReceipt } from './cash-receipt.ts'

export const CashReceiptStatus = enumeration('CashReceiptStatus', 'The status of a cash receipt, to filter by.', [
  'ISSUED',
  'CANCELLED',
  'FAILED',
])
export type CashReceiptStatus = Static<typeof CashReceiptStatus>

export const CashReceiptTimeRangeField = enumeration(
  'CashReceiptTimeRangeField',
  'Which instant of a cash receipt a range of time is about.',
  ['ISSUED_AT', 'CANCELLED_AT', 'STATUS_UPDATED_AT'],
)
export type CashReceiptTimeRangeField = Static<typeof CashReceiptTimeRangeField>

export const CashReceiptFilterInput = object(
  'CashReceiptFilterInput',
  'Which cash receipts to return. A receipt must meet every condition given.',
  {
    storeId: optional(string('Only this store. Defaults to all stores the credential reaches.')),
    timeRangeField: optional(
      described(CashReceiptTimeRangeField, 'Which instant `from` and `until` are about. Defaults to `ISSUED_AT`.'),
    ),
    from: optional(dateTime(`The earliest instant, inclusive. ${usualFrom}`)),
    until: optional(dateTime(`The latest instant, inclusive. ${usualUntil}`)),
    paymentId: optional(string('Only receipts of this payment.')),
    isTest: optional(boolean('True for receipts through test channels, false for live ones.')),
    orderName: optional(string('Only receipts of orders with this name.')),
    statuses: optional(array(CashReceiptStatus, 'Any of these statuses.')),
    isManual: optional(boolean('True for receipts issued by request, false for those issued with a payment.')),
    pgReceiptId: optional(string("Only the receipt with this id of the payment gateway's.")),
    pgMerchantId: optional(string("The merchant's id at the payment gateway.")),
    pgProviders: optional(array(PgProvider, 'Any of these payment gateways.')),
    pgCompanies: optional(array(PgCompany, 'Any of these payment gateway companies.')),
    version: optional(PortOneVersion),
    types: optional(array(CashReceiptType, 'Any of these types.')),
  },
)
export type CashReceiptFilterInput = Static<typeof CashReceiptFilterInput>

export const CashReceiptSortBy = enumeration('CashReceiptSortBy', 'What cash receipts are sorted by.', [
  'ISSUED_AT',
  'CANCELLED_AT',
  'STATUS_UPDATED_AT',
])
export type CashReceiptSortBy = Static<typeof CashReceiptSortBy>

export const CashReceiptSortInput = object(
  'CashReceiptSortInput',
  'How to sort cash receipts. Defaults to the latest issued first.',
  {
    by: optional(CashReceiptSortBy),
    order: optional(SortOrder),
  },
)
export type CashReceiptSortInput = Static<typeof CashReceiptSortInput>

export const GetCashReceiptsBody = object('GetCashReceiptsBody', 'Which cash receipts to return.', {
  page: optional(PageInput),
  sort: optional(CashReceiptSortInput),
  filter: optional(CashReceiptFilterInput),
})
export type GetCashReceiptsBody = Static<typeof GetCashReceiptsBody>

export const GetCashReceiptsResponse = object('GetCashReceiptsResponse', 'A page of cash receipts.', {
  items: array(CashReceipt, 'The items found, possibly none.'),
  page: PageInfo,
})
export type GetCashReceiptsResponse = Static<typeof GetCashReceiptsResponse>
