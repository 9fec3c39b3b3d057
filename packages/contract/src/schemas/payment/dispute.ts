import { dateTime, enumeration, object, optional, type Static, string } from '../../schema.ts'

export const DisputeStatus = enumeration('DisputeStatus', 'Whether a dispute is settled.', ['UNRESOLVED', 'RESOLVED'])
export type DisputeStatus = Static<typeof DisputeStatus>

export const Dispute = object('Dispute', "A buyer's objection to a payment, raised through the payment gateway.", {
  status: DisputeStatus,
  pgDisputeId: optional(string("The payment gateway's own id of the dispute.")),
  reason: string('What the buyer objects to.'),
  createdAt: dateTime('When the dispute was raised.'),
  resolvedAt: optional(dateTime('When the dispute was settled.')),
})
export type Dispute = Static<typeof Dispute>
