import { amount, array, dateTime, described, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { DateTimeRange, PageInfo, PageInput } from '../common/list.ts'
import { PlatformAccountTransferStatusStats } from './account-transfer.ts'
import { graphqlId, isForTest } from './lifecycle.ts'

export const PlatformBulkAccountTransferStatus = enumeration(
  'PlatformBulkAccountTransferStatus',
  'How far a bulk account transfer has come.',
  ['PREPARED', 'SCHEDULED', 'ONGOING', 'COMPLETED'],
)
export type PlatformBulkAccountTransferStatus = Static<typeof PlatformBulkAccountTransferStatus>

export const PlatformBulkAccountTransferStats = object(
  'PlatformBulkAccountTransferStats',
  'The movements of a bulk account transfer by status.',
  {
    amount: described(PlatformAccountTransferStatusStats, 'Their amounts, in the minor unit of the currency.'),
    count: described(PlatformAccountTransferStatusStats, 'How many they are.'),
  },
)
export type PlatformBulkAccountTransferStats = Static<typeof PlatformBulkAccountTransferStats>

export const PlatformBulkAccountTransfer = object(
  'PlatformBulkAccountTransfer',
  'Many movements at the bank that were ordered together.',
  {
    id: string("The bulk account transfer's id."),
    graphqlId: graphqlId('the bulk account transfer'),
    creatorId: string('Who ordered it.'),
    bankAccountId: string("The merchant's account."),
    bankAccountGraphqlId: graphqlId("the merchant's account"),
    totalAmount: amount('The sum of its movements, in the minor unit of the currency.'),
    status: PlatformBulkAccountTransferStatus,
    stats: PlatformBulkAccountTransferStats,
    statusUpdatedAt: dateTime('When the status last changed.'),
    createdAt: dateTime('When it was created.'),
    updatedAt: dateTime('When it last changed.'),
    scheduledAt: optional(dateTime('When it is to be carried out.')),
  },
)
export type PlatformBulkAccountTransfer = Static<typeof PlatformBulkAccountTransfer>

export const PlatformBulkAccountTransferFilterInputCriteria = object(
  'PlatformBulkAccountTransferFilterInputCriteria',
  'What bulk account transfers are looked up by. One must meet every condition given.',
  {
    timestampRange: optional(described(DateTimeRange, 'When it was created.')),
    statusUpdatedTimestampRange: optional(described(DateTimeRange, 'When its status last changed.')),
    bulkAccountTransferId: optional(string('The whole id of the bulk account transfer.')),
  },
)
export type PlatformBulkAccountTransferFilterInputCriteria = Static<
  typeof PlatformBulkAccountTransferFilterInputCriteria
>

export const PlatformBulkAccountTransferFilterInput = object(
  'PlatformBulkAccountTransferFilterInput',
  'Which bulk account transfers to return. One must meet every condition given; an empty list is no condition.',
  {
    statuses: optional(array(PlatformBulkAccountTransferStatus, 'Any of these statuses.')),
    criteria: optional(PlatformBulkAccountTransferFilterInputCriteria),
  },
)
export type PlatformBulkAccountTransferFilterInput = Static<typeof PlatformBulkAccountTransferFilterInput>

export const GetPlatformBulkAccountTransfersBody = object(
  'GetPlatformBulkAccountTransfersBody',
  'Which bulk account transfers to return.',
  {
    isForTest: optional(isForTest),
    page: optional(PageInput),
    filter: optional(PlatformBulkAccountTransferFilterInput),
  },
)
export type GetPlatformBulkAccountTransfersBody = Static<typeof GetPlatformBulkAccountTransfersBody>

export const PlatformBulkAccountTransferStatusStats = object(
  'PlatformBulkAccountTransferStatusStats',
  'How many bulk account transfers have which status.',
  {
    prepared: amount('How many are `PREPARED`.'),
    scheduled: amount('How many are `SCHEDULED`.'),
    ongoing: amount('How many are `ONGOING`.'),
    completed: amount('How many are `COMPLETED`.'),
  },
)
export type PlatformBulkAccountTransferStatusStats = Static<typeof PlatformBulkAccountTransferStatusStats>

export const GetPlatformBulkAccountTransfersResponse = object(
  'GetPlatformBulkAccountTransfersResponse',
  'A page of bulk account transfers.',
  {
    items: array(PlatformBulkAccountTransfer, 'The items found, possibly none.'),
    page: PageInfo,
    counts: described(PlatformBulkAccountTransferStatusStats, 'By status, whatever statuses the filter names.'),
  },
)
export type GetPlatformBulkAccountTransfersResponse = Static<typeof GetPlatformBulkAccountTransfersResponse>
