import {
  amount,
  array,
  boolean,
  date,
  dateTime,
  described,
  enumeration,
  integer,
  newId,
  notBlank,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { Currency } from '../common/currency.ts'
import { DateTimeRange, PageInfo, PageInput } from '../common/list.ts'
import { graphqlId, isForTest } from './lifecycle.ts'
import { PlatformPartner } from './partner.ts'
import { PlatformPartnerTaxationType, PlatformPartnerTypeName } from './partner-type.ts'
import { SettlementAmountType } from './setting.ts'

export const PlatformPayoutMethod = enumeration(
  'PlatformPayoutMethod',
  'Whether the merchant pays itself (`DIRECT`) or a remittance agency does (`AGENCY`).',
  ['DIRECT', 'AGENCY'],
)
export type PlatformPayoutMethod = Static<typeof PlatformPayoutMethod>

export const PlatformPayoutStatus = enumeration(
  'PlatformPayoutStatus',
  'How far a payout has come: from `CONFIRMED`, its amounts fixed, over `SCHEDULED`, `PREPARED` and `PROCESSING` to `SUCCEEDED` or `FAILED`.',
  ['CONFIRMED', 'PREPARED', 'CANCELLED', 'STOPPED', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'SCHEDULED'],
)
export type PlatformPayoutStatus = Static<typeof PlatformPayoutStatus>

export const PlatformPayoutTaxInvoiceStatus = enumeration(
  'PlatformPayoutTaxInvoiceStatus',
  'How far the tax invoice of a payout has come; `NONE` where there is none.',
  [
    'NONE',
    'DRAFTED',
    'DRAFT_PENDING',
    'DRAFT_FAILED',
    'REQUESTED',
    'REQUEST_PENDING',
    'REQUEST_FAILED',
    'REQUEST_CANCELLED',
    'REQUEST_REFUSED',
    'ISSUED',
    'ISSUE_PENDING',
    'ISSUE_FAILED',
    'ISSUANCE_CANCELLED',
    'CANCEL_PENDING',
    'BEFORE_SENDING',
    'WAITING_SENDING',
    'SENDING',
    'SENDING_PENDING',
    'SENDING_COMPLETED',
    'SENDING_FAILED',
  ],
)
export type PlatformPayoutTaxInvoiceStatus = Static<typeof PlatformPayoutTaxInvoiceStatus>

export const PlatformPayoutSettlementStatementStatus = enumeration(
  'PlatformPayoutSettlementStatementStatus',
  'Whether the settlement statement was sent to the partner.',
  ['UNSENT', 'SENT', 'SEND_FAILED', 'SEND_PREPARED'],
)
export type PlatformPayoutSettlementStatementStatus = Static<typeof PlatformPayoutSettlementStatementStatus>

export const PlatformPayoutSettlementStatementSummary = object(
  'PlatformPayoutSettlementStatementSummary',
  'The settlement statement of a payout, in brief.',
  {
    status: PlatformPayoutSettlementStatementStatus,
    id: optional(string("The statement's id.")),
    issuedAt: optional(dateTime('When it was sent.')),
  },
)
export type PlatformPayoutSettlementStatementSummary = Static<typeof PlatformPayoutSettlementStatementSummary>

export const PlatformPayoutAccount = object('PlatformPayoutAccount', 'The account that is paid, as it was then.', {
  bank: Bank,
  number: string('The account number.'),
  holder: string('The account holder.'),
})
export type PlatformPayoutAccount = Static<typeof PlatformPayoutAccount>

const unit = 'In the minor unit of the currency.'

export const PlatformPayout = object('PlatformPayout', 'What one partner is paid in one currency.', {
  id: string("The payout's id."),
  graphqlId: graphqlId('the payout'),
  bulkPayoutId: string('The bulk payout that it belongs to.'),
  bulkPayoutGraphqlId: graphqlId('the bulk payout'),
  method: PlatformPayoutMethod,
  status: PlatformPayoutStatus,
  statusUpdatedAt: dateTime('When the status last changed.'),
  memo: optional(string("A note of the merchant's.")),
  partner: PlatformPartner,
  account: PlatformPayoutAccount,
  taxInvoiceId: optional(string('The tax invoice about it.')),
  taxInvoiceStatus: PlatformPayoutTaxInvoiceStatus,
  currency: Currency,
  amount: amount(`What is paid. ${unit}`),
  supplyAmount: amount(`The supply value. ${unit}`),
  taxFreeAmount: amount(`The tax-free part. ${unit}`),
  vatAmount: amount(`The VAT. ${unit}`),
  settlementAmount: amount(`The sum of the settlements, cancellations subtracted. ${unit}`),
  settlementTaxFreeAmount: amount(`The tax-free part of the sum of the settlements. ${unit}`),
  incomeTaxAmount: amount(`The income tax withheld. ${unit}`),
  localIncomeTaxAmount: amount(`The local income tax withheld. ${unit}`),
  withdrawalMemo: optional(string("The text for the merchant's own bank statement.")),
  depositMemo: optional(string("The text for the partner's bank statement.")),
  createdAt: dateTime('When the payout was generated.'),
  scheduledAt: optional(dateTime('When it is to be paid.')),
  failReason: optional(string('Why it failed.')),
  deductWht: boolean('Whether withholding tax was taken off.'),
  settlementAmountType: SettlementAmountType,
  settlementStatement: PlatformPayoutSettlementStatementSummary,
})
export type PlatformPayout = Static<typeof PlatformPayout>

export const PlatformPayoutFilterInputCriteria = object(
  'PlatformPayoutFilterInputCriteria',
  'What payouts are looked up by. One must meet every condition given.',
  {
    timestampRange: optional(described(DateTimeRange, 'When it was generated.')),
    statusUpdatedTimestampRange: optional(described(DateTimeRange, 'When its status last changed.')),
    scheduledTimestampRange: optional(described(DateTimeRange, 'When it is to be paid.')),
    settlementStatementIssuedTimestampRange: optional(
      described(DateTimeRange, 'When its settlement statement was sent.'),
    ),
    payoutId: optional(string('The whole id of the payout.')),
    bulkPayoutId: optional(string('The whole id of the bulk payout.')),
    taxInvoiceId: optional(string('The whole id of the tax invoice.')),
    settlementStatementId: optional(string('The whole id of the settlement statement.')),
  },
)
export type PlatformPayoutFilterInputCriteria = Static<typeof PlatformPayoutFilterInputCriteria>

export const PlatformPayoutFilterInput = object(
  'PlatformPayoutFilterInput',
  'Which payouts to return. A payout must meet every condition given; an empty list is no condition.',
  {
    statuses: optional(array(PlatformPayoutStatus, 'Any of these statuses.')),
    partnerIds: optional(array(string('A partner.'), 'Any of these partners.')),
    criteria: PlatformPayoutFilterInputCriteria,
    payoutAccountBanks: optional(array(Bank, 'An account at any of these banks.')),
    partnerTags: optional(array(string('A tag.'), 'A partner with any of these tags.')),
    payoutCurrencies: optional(array(Currency, 'Any of these currencies.')),
    payoutIds: optional(array(string('A payout.'), 'Any of these payouts.')),
    taxInvoiceStatuses: optional(array(PlatformPayoutTaxInvoiceStatus, 'Any of these statuses of the tax invoice.')),
    partnerTypes: optional(array(PlatformPartnerTypeName, 'A partner of any of these types.')),
    partnerTaxationTypes: optional(array(PlatformPartnerTaxationType, 'A partner of any of these taxation types.')),
    settlementStatementStatuses: optional(
      array(PlatformPayoutSettlementStatementStatus, 'Any of these statuses of the settlement statement.'),
    ),
  },
)
export type PlatformPayoutFilterInput = Static<typeof PlatformPayoutFilterInput>

export const GetPlatformPayoutsBody = object('GetPlatformPayoutsBody', 'Which payouts to return.', {
  isForTest: optional(isForTest),
  page: optional(PageInput),
  filter: optional(PlatformPayoutFilterInput),
})
export type GetPlatformPayoutsBody = Static<typeof GetPlatformPayoutsBody>

export const PlatformPayoutStatusStats = object('PlatformPayoutStatusStats', 'A number for each status of payouts.', {
  confirmed: amount('Of `CONFIRMED` ones.'),
  prepared: amount('Of `PREPARED` ones.'),
  cancelled: amount('Of `CANCELLED` ones.'),
  stopped: amount('Of `STOPPED` ones.'),
  processing: amount('Of `PROCESSING` ones.'),
  succeeded: amount('Of `SUCCEEDED` ones.'),
  failed: amount('Of `FAILED` ones.'),
  scheduled: amount('Of `SCHEDULED` ones.'),
})
export type PlatformPayoutStatusStats = Static<typeof PlatformPayoutStatusStats>

export const GetPlatformPayoutsResponse = object('GetPlatformPayoutsResponse', 'A page of payouts.', {
  items: array(PlatformPayout, 'The items found, possibly none.'),
  page: PageInfo,
  counts: described(PlatformPayoutStatusStats, 'How many by status, whatever statuses the filter names.'),
})
export type GetPlatformPayoutsResponse = Static<typeof GetPlatformPayoutsResponse>

export const CompletePlatformPayoutByPartnerSettlementIdsBody = object(
  'CompletePlatformPayoutByPartnerSettlementIdsBody',
  'Partner settlements that were paid elsewhere.',
  {
    bulkPayoutId: newId('The id of the bulk payout that is created.'),
    name: optional(notBlank('The name of the bulk payout. Defaults to its id.')),
    partnerSettlementIds: array(
      string('A partner settlement.'),
      'Which were paid, at most 10,000. All of them are marked, or none.',
      { maxItems: 10_000 },
    ),
    completedAt: optional(date('When they were paid. Defaults to today.')),
    isForTest: optional(isForTest),
  },
)
export type CompletePlatformPayoutByPartnerSettlementIdsBody = Static<
  typeof CompletePlatformPayoutByPartnerSettlementIdsBody
>

export const CompletePlatformPayoutByPartnerSettlementIdsResponse = object(
  'CompletePlatformPayoutByPartnerSettlementIdsResponse',
  'The partner settlements are marked as paid.',
  {
    bulkPayoutId: optional(string('The bulk payout that was created.')),
    bulkPayoutGraphqlId: optional(graphqlId('the bulk payout')),
    payoutCount: integer('How many payouts were created.'),
    partnerSettlementCount: integer('How many partner settlements were marked.'),
  },
)
export type CompletePlatformPayoutByPartnerSettlementIdsResponse = Static<
  typeof CompletePlatformPayoutByPartnerSettlementIdsResponse
>
