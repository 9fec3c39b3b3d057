import { dateTime, enumeration, object, optional, type Static, string } from '../schema.ts'

export const DisputeStatus = enumeration('DisputeStatus', '', ['UNRESOLVED', 'RESOLVED'])
export type DisputeStatus = Static<typeof DisputeStatus>

export const Dispute = object('Dispute', '', {
  status: DisputeStatus,
  pgDisputeId: optional(string()),
  reason: string(),
  createdAt: dateTime(),
  resolvedAt: optional(dateTime()),
})
export type Dispute = Static<typeof Dispute>
