import {
  amount,
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
import { DateTimeRange, PageInfo, PageInput } from '../common/list.ts'
import { graphqlId, isForTest } from './lifecycle.ts'
import { PlatformPayoutMethod, PlatformPayoutStatusStats } from './payout.ts'

export const PlatformBulkPayoutStatus = enumeration('PlatformBulkPayoutStatus', 'How far a bulk payout has come.', [
  'PREPARING',
  'PREPARED',
  'ONGOING',
  'POST_PROCESS_PENDING',
  'CANCELLED',
  'COMPLETED',
  'SCHEDULED',
  'STOPPED',
])
export type PlatformBulkPayoutStatus = Static<typeof PlatformBulkPayoutStatus>

export const PlatformBulkPayoutStats = object('PlatformBulkPayoutStats', 'The payouts of a bulk payout by status.', {
  amount: described(PlatformPayoutStatusStats, 'Their amounts, in the minor unit of the currency.'),
  count: described(PlatformPayoutStatusStats, 'How many they are.'),
})
export type PlatformBulkPayoutStats = Static<typeof PlatformBulkPayoutStats>

export const PlatformBulkPayout = object('PlatformBulkPayout', 'A run that pays many partners.', {
  id: string("The bulk payout's id."),
  graphqlId: graphqlId('the bulk payout'),
  name: string("The bulk payout's name."),
  creatorId: string('Who created it.'),
  method: PlatformPayoutMethod,
  totalPayoutAmount: amount(
    'The sum of its payouts, in the minor unit of the currency. Payouts in several currencies are added up all the same: `GET /platform/payouts` shows each.',
  ),
  totalSettlementAmount: amount('The sum of their settlements, in the minor unit of the currency.'),
  status: PlatformBulkPayoutStatus,
  payoutStats: PlatformBulkPayoutStats,
  statusUpdatedAt: dateTime('When the status last changed.'),
  createdAt: dateTime('When it was created.'),
  updatedAt: dateTime('When it last changed.'),
  arePayoutsGenerated: boolean('Whether its payouts have been generated.'),
  scheduledAt: optional(dateTime('When it is to be paid.')),
})
export type PlatformBulkPayout = Static<typeof PlatformBulkPayout>

export const PlatformBulkPayoutFilterInputCriteria = object(
  'PlatformBulkPayoutFilterInputCriteria',
  'What bulk payouts are looked up by. One must meet every condition given.',
  {
    timestampRange: optional(described(DateTimeRange, 'When it was created.')),
    statusUpdatedTimestampRange: optional(described(DateTimeRange, 'When its status last changed.')),
    bulkPayoutId: optional(string('The whole id of the bulk payout.')),
  },
)
export type PlatformBulkPayoutFilterInputCriteria = Static<typeof PlatformBulkPayoutFilterInputCriteria>

export const PlatformBulkPayoutFilterInput = object(
  'PlatformBulkPayoutFilterInput',
  'Which bulk payouts to return. One must meet every condition given; an empty list is no condition.',
  {
    statuses: optional(array(PlatformBulkPayoutStatus, 'Any of these statuses.')),
    methods: optional(array(PlatformPayoutMethod, 'Any of these methods.')),
    criteria: optional(PlatformBulkPayoutFilterInputCriteria),
  },
)
export type PlatformBulkPayoutFilterInput = Static<typeof PlatformBulkPayoutFilterInput>

export const GetPlatformBulkPayoutsBody = object('GetPlatformBulkPayoutsBody', 'Which bulk payouts to return.', {
  isForTest: optional(isForTest),
  page: optional(PageInput),
  filter: optional(PlatformBulkPayoutFilterInput),
})
export type GetPlatformBulkPayoutsBody = Static<typeof GetPlatformBulkPayoutsBody>

export const PlatformBulkPayoutStatusStats = object(
  'PlatformBulkPayoutStatusStats',
  'How many bulk payouts have which status.',
  {
    preparing: amount('How many are `PREPARING`.'),
    prepared: amount('How many are `PREPARED`.'),
    ongoing: amount('How many are `ONGOING`.'),
    postProcessPending: amount('How many are `POST_PROCESS_PENDING`.'),
    completed: amount('How many are `COMPLETED`.'),
    cancelled: amount('How many are `CANCELLED`.'),
    scheduled: amount('How many are `SCHEDULED`.'),
    stopped: amount('How many are `STOPPED`.'),
  },
)
export type PlatformBulkPayoutStatusStats = Static<typeof PlatformBulkPayoutStatusStats>

export const GetPlatformBulkPayoutsResponse = object('GetPlatformBulkPayoutsResponse', 'A page of bulk payouts.', {
  items: array(PlatformBulkPayout, 'The items found, possibly none.'),
  page: PageInfo,
  counts: described(PlatformBulkPayoutStatusStats, 'By status, whatever statuses the filter names.'),
})
export type GetPlatformBulkPayoutsResponse = Static<typeof GetPlatformBulkPayoutsResponse>
