import { amount, dateTime, described, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { graphqlId, versionFields } from './lifecycle.ts'
import { PlatformPartner } from './partner.ts'
import { PlatformPartnerFilterInput } from './partner-list.ts'

export const PlatformBulkTaskStatus = enumeration('PlatformBulkTaskStatus', 'How far a bulk task has come.', [
  'PREPARED',
  'PROCESSING',
  'COMPLETED',
  'CANCELED',
])
export type PlatformBulkTaskStatus = Static<typeof PlatformBulkTaskStatus>

export const PlatformBulkTaskType = enumeration('PlatformBulkTaskType', 'What a bulk task does.', [
  'CREATE_TRANSFERS',
  'CREATE_PARTNERS',
  'CONNECT_MEMBER_COMPANIES',
  'DISCONNECT_MEMBER_COMPANIES',
  'SEND_PAYOUT_SETTLEMENT_STATEMENTS',
])
export type PlatformBulkTaskType = Static<typeof PlatformBulkTaskType>

export const PlatformBulkTaskProgressStats = object(
  'PlatformBulkTaskProgressStats',
  'How many items of a bulk task are in which state.',
  {
    preparedCount: amount('How many wait.'),
    processingCount: amount('How many are under way.'),
    succeededCount: amount('How many have succeeded.'),
    failedCount: amount('How many have failed.'),
    canceledCount: amount('How many were cancelled.'),
  },
)
export type PlatformBulkTaskProgressStats = Static<typeof PlatformBulkTaskProgressStats>

export const PlatformBulkTask = object('PlatformBulkTask', 'Work on many items that goes on after the answer.', {
  id: string("The task's id."),
  graphqlId: graphqlId('the task'),
  status: PlatformBulkTaskStatus,
  type: PlatformBulkTaskType,
  progressStats: PlatformBulkTaskProgressStats,
  isForTest: versionFields.isForTest,
  statusUpdatedAt: dateTime('When the status last changed.'),
  createdAt: dateTime('When the task was created.'),
  updatedAt: dateTime('When the task last changed.'),
})
export type PlatformBulkTask = Static<typeof PlatformBulkTask>

export const ConnectPartnerCounterpartyResponse = object(
  'ConnectPartnerCounterpartyResponse',
  'The partner is being connected.',
  { partner: PlatformPartner },
)
export type ConnectPartnerCounterpartyResponse = Static<typeof ConnectPartnerCounterpartyResponse>

export const DisconnectPartnerCounterpartyResponse = object(
  'DisconnectPartnerCounterpartyResponse',
  'The partner is being disconnected.',
  { partner: PlatformPartner },
)
export type DisconnectPartnerCounterpartyResponse = Static<typeof DisconnectPartnerCounterpartyResponse>

const which = { filter: optional(described(PlatformPartnerFilterInput, 'Defaults to all active partners.')) }

export const ConnectBulkPartnerCounterpartyBody = object(
  'ConnectBulkPartnerCounterpartyBody',
  'Which partners to connect.',
  which,
)
export type ConnectBulkPartnerCounterpartyBody = Static<typeof ConnectBulkPartnerCounterpartyBody>

export const DisconnectBulkPartnerCounterpartyBody = object(
  'DisconnectBulkPartnerCounterpartyBody',
  'Which partners to disconnect.',
  which,
)
export type DisconnectBulkPartnerCounterpartyBody = Static<typeof DisconnectBulkPartnerCounterpartyBody>

export const ConnectBulkPartnerCounterpartyResponse = object(
  'ConnectBulkPartnerCounterpartyResponse',
  'The partners are being connected.',
  { bulkTask: PlatformBulkTask },
)
export type ConnectBulkPartnerCounterpartyResponse = Static<typeof ConnectBulkPartnerCounterpartyResponse>

export const DisconnectBulkPartnerCounterpartyResponse = object(
  'DisconnectBulkPartnerCounterpartyResponse',
  'The partners are being disconnected.',
  { bulkTask: PlatformBulkTask },
)
export type DisconnectBulkPartnerCounterpartyResponse = Static<typeof DisconnectBulkPartnerCounterpartyResponse>
