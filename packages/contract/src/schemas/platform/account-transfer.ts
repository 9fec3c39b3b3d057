import {
  amount,
  array,
  dateTime,
  described,
  discriminated,
  enumeration,
  integer,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { Currency } from '../common/currency.ts'
import { DateTimeRange, PageInfo, PageInput } from '../common/list.ts'
import { graphqlId, isForTest, versionFields } from './lifecycle.ts'

export const PlatformAccountTransferType = enumeration(
  'PlatformAccountTransferType',
  "Whether money came in or went out of the merchant's account.",
  ['DEPOSIT', 'WITHDRAWAL'],
)
export type PlatformAccountTransferType = Static<typeof PlatformAccountTransferType>

export const PlatformAccountTransferStatus = enumeration(
  'PlatformAccountTransferStatus',
  'How far a movement at the bank has come; `ASYNC_PROCESSING` while the bank has not decided.',
  ['PREPARED', 'SCHEDULED', 'CANCELLED', 'STOPPED', 'PROCESSING', 'ASYNC_PROCESSING', 'SUCCEEDED', 'FAILED'],
)
export type PlatformAccountTransferStatus = Static<typeof PlatformAccountTransferStatus>

export const PlatformBankAccountProvider = enumeration(
  'PlatformBankAccountProvider',
  'Through whom the account is reached.',
  ['HYPHEN_DATA', 'HYPHEN_FIRM', 'DOZN', 'MOCK'],
)
export type PlatformBankAccountProvider = Static<typeof PlatformBankAccountProvider>

export const PlatformBankAccountDetail = object('PlatformBankAccountDetail', "An account of the merchant's.", {
  accountNumber: string('The account number.'),
  bank: Bank,
  provider: PlatformBankAccountProvider,
  holder: optional(string('The account holder.')),
})
export type PlatformBankAccountDetail = Static<typeof PlatformBankAccountDetail>

export const WithdrawalType = enumeration('WithdrawalType', 'Why money went out: to pay a partner, or by hand.', [
  'PARTNER_PAYOUT',
  'REMIT',
])
export type WithdrawalType = Static<typeof WithdrawalType>

const unit = 'In the minor unit of the currency.'

const commonFields = {
  id: string("The movement's id."),
  currency: Currency,
  amount: amount(`How much was moved. ${unit}`),
  depositMemo: optional(string("The text on the receiver's bank statement.")),
  createdAt: dateTime('When it was entered.'),
  updatedAt: dateTime('When it last changed.'),
  isForTest: versionFields.isForTest,
}

const movementFields = {
  ...commonFields,
  bankAccountId: string("The merchant's account."),
  bankAccountGraphqlId: graphqlId("the merchant's account"),
  bankAccount: PlatformBankAccountDetail,
  tradedAt: optional(dateTime('When the bank moved the money.')),
  statusUpdatedAt: dateTime('When the status last changed.'),
  status: PlatformAccountTransferStatus,
}

const receiver = {
  depositBank: Bank,
  depositAccountNumber: string("The receiver's account number."),
  withdrawalMemo: optional(string("The text on the merchant's own bank statement.")),
  balance: optional(amount(`What was left on the merchant's account. ${unit}`)),
  failReason: optional(string('Why it failed.')),
}

const payoutIds = {
  partnerId: string('The partner who is paid.'),
  partnerGraphqlId: graphqlId('the partner'),
  bulkPayoutId: string('The bulk payout that it belongs to.'),
  bulkPayoutGraphqlId: graphqlId('the bulk payout'),
  payoutId: string('The payout that it carries out.'),
  payoutGraphqlId: graphqlId('the payout'),
}

export const PlatformDepositAccountTransfer = object('PlatformDepositAccountTransfer', 'Money that came in.', {
  type: tag('DEPOSIT'),
  ...movementFields,
  depositorName: string('Who paid it in.'),
})
export type PlatformDepositAccountTransfer = Static<typeof PlatformDepositAccountTransfer>

export const PlatformWithdrawalAccountTransfer = object('PlatformWithdrawalAccountTransfer', 'Money that goes out.', {
  type: tag('WITHDRAWAL'),
  ...movementFields,
  ...receiver,
  sequenceNumber: optional(integer("The bank's number of the movement.")),
  depositAccountHolder: string('The holder of the receiving account.'),
  withdrawalType: WithdrawalType,
  partnerId: optional(payoutIds.partnerId),
  partnerGraphqlId: optional(payoutIds.partnerGraphqlId),
  bulkPayoutId: optional(payoutIds.bulkPayoutId),
  bulkPayoutGraphqlId: optional(payoutIds.bulkPayoutGraphqlId),
  payoutId: optional(payoutIds.payoutId),
  payoutGraphqlId: optional(payoutIds.payoutGraphqlId),
  bulkAccountTransferId: optional(string('The bulk account transfer that it belongs to.')),
  bulkAccountTransferGraphqlId: optional(graphqlId('the bulk account transfer')),
  documentId: optional(string('The signed document that ordered it.')),
  scheduledAt: optional(dateTime('When it is to be carried out.')),
})
export type PlatformWithdrawalAccountTransfer = Static<typeof PlatformWithdrawalAccountTransfer>

const earlierFields = {
  ...commonFields,
  ...receiver,
  sequenceNumber: integer("The bank's number of the movement."),
}

/** Only servers of earlier versions sent this one; clients that know it keep their types. */
export const PlatformPartnerPayoutAccountTransfer = object(
  'PlatformPartnerPayoutAccountTransfer',
  'A payment to a partner, in the form of earlier versions.',
  { type: tag('PARTNER_PAYOUT'), ...earlierFields, ...payoutIds },
)
export type PlatformPartnerPayoutAccountTransfer = Static<typeof PlatformPartnerPayoutAccountTransfer>

/** Only servers of earlier versions sent this one; clients that know it keep their types. */
export const PlatformRemitAccountTransfer = object(
  'PlatformRemitAccountTransfer',
  'Money sent by hand, in the form of earlier versions.',
  { type: tag('REMIT'), ...earlierFields, documentId: string('The signed document that ordered it.') },
)
export type PlatformRemitAccountTransfer = Static<typeof PlatformRemitAccountTransfer>

export const PlatformAccountTransfer = discriminated(
  'PlatformAccountTransfer',
  "A movement on the merchant's bank account.",
  'type',
  {
    DEPOSIT: PlatformDepositAccountTransfer,
    WITHDRAWAL: PlatformWithdrawalAccountTransfer,
    PARTNER_PAYOUT: PlatformPartnerPayoutAccountTransfer,
    REMIT: PlatformRemitAccountTransfer,
  },
)
export type PlatformAccountTransfer = Static<typeof PlatformAccountTransfer>

export const PlatformAccountTransferFilter = object(
  'PlatformAccountTransferFilter',
  'Which movements to return. A movement must meet every condition given; an empty list is no condition.',
  {
    tradeTimestampRange: optional(described(DateTimeRange, 'When the bank moved the money.')),
    createdTimestampRange: optional(described(DateTimeRange, 'When it was entered.')),
    statusUpdatedTimestampRange: optional(described(DateTimeRange, 'When its status last changed.')),
    scheduledTimestampRange: optional(described(DateTimeRange, 'When it is to be carried out.')),
    accountTransferId: optional(string('The whole id of the movement.')),
    bankAccountId: optional(string("The whole id of the merchant's account.")),
    bulkAccountTransferId: optional(string('The whole id of the bulk account transfer.')),
    payoutId: optional(string('The whole id of the payout.')),
    accountTransferIds: optional(array(string('A movement.'), 'Any of these movements.')),
    types: optional(array(PlatformAccountTransferType, 'Any of these types.')),
    statuses: optional(array(PlatformAccountTransferStatus, 'Any of these statuses.')),
    depositorName: optional(string('Part of the name of who paid it in.')),
    depositAccountHolder: optional(string('Part of the name of the holder of the receiving account.')),
    depositMemo: optional(string("Part of the text on the receiver's bank statement.")),
    withdrawalMemo: optional(string("Part of the text on the merchant's own bank statement.")),
  },
)
export type PlatformAccountTransferFilter = Static<typeof PlatformAccountTransferFilter>

export const GetPlatformAccountTransfersBody = object('GetPlatformAccountTransfersBody', 'Which movements to return.', {
  isForTest: optional(isForTest),
  page: optional(PageInput),
  filter: optional(PlatformAccountTransferFilter),
})
export type GetPlatformAccountTransfersBody = Static<typeof GetPlatformAccountTransfersBody>

export const PlatformAccountTransferStatusStats = object(
  'PlatformAccountTransferStatusStats',
  'A number for each status of movements at the bank.',
  {
    prepared: amount('Of `PREPARED` ones.'),
    scheduled: amount('Of `SCHEDULED` ones.'),
    cancelled: amount('Of `CANCELLED` ones.'),
    stopped: amount('Of `STOPPED` ones.'),
    processing: amount('Of `PROCESSING` ones.'),
    asyncProcessing: amount('Of `ASYNC_PROCESSING` ones.'),
    succeeded: amount('Of `SUCCEEDED` ones.'),
    failed: amount('Of `FAILED` ones.'),
  },
)
export type PlatformAccountTransferStatusStats = Static<typeof PlatformAccountTransferStatusStats>

export const GetPlatformAccountTransfersResponse = object(
  'GetPlatformAccountTransfersResponse',
  'A page of movements at the bank.',
  {
    items: array(PlatformAccountTransfer, 'The items found, possibly none.'),
    page: PageInfo,
    counts: described(PlatformAccountTransferStatusStats, 'How many by status, whatever statuses the filter names.'),
  },
)
export type GetPlatformAccountTransfersResponse = Static<typeof GetPlatformAccountTransfersResponse>
