import { amount, array, dateTime, described, object, optional, type Static, string } from '../../schema.ts'
import { SandboxDisputeState, SandboxEscrowStatus } from './payment.ts'
import { storeId } from './store-id.ts'

export const SandboxLedgerQuery = object('SandboxLedgerQuery', 'Which entries to show.', {
  storeId,
  paymentId: optional(string('Only entries of this payment. Defaults to the latest 1,000 of the store.')),
})

export const SandboxLedgerEntry = object('SandboxLedgerEntry', "A transaction in the sandbox gateway's own books.", {
  reference: string('Our name for it: the transaction id.'),
  paymentId: optional(string("The merchant's id of the payment. Absent where no payment has the transaction.")),
  pgTxId: string("The gateway's own id."),
  state: string('What became of it at the gateway.'),
  code: string('The scenario it follows.'),
  amount: amount('What was charged.'),
  cancelledAmount: amount('What was refunded of it.'),
  currency: string('The currency.'),
  dispute: optional(described(SandboxDisputeState, 'Whether the buyer objected, and who won.')),
  escrow: optional(described(SandboxEscrowStatus, 'What became of the goods, beyond what the gateway was told.')),
  createdAt: dateTime('When the gateway got the request.'),
  cancellations: array(
    object('SandboxLedgerCancellation', "A refund in the sandbox gateway's own books.", {
      reference: string('Our name for it: the cancellation id.'),
      pgCancellationId: string("The gateway's own id."),
      state: string('What became of it at the gateway.'),
      amount: amount('How much.'),
    }),
    'Refunds that were asked for.',
  ),
  notifications: array(
    object('SandboxLedgerNotification', 'What the gateway has to tell us and we have not taken yet.', {
      id: string('Its id, for `POST /sandbox/notifications/{notificationId}/deliver`.'),
      action: string('What it stands for. `ANNOUNCE` and `ANNOUNCE_DELAYED`: what has happened already.'),
      cancellationReference: optional(string('The cancellation id, where it is about a refund.')),
      dueAt: optional(
        dateTime(
          'When it will happen, and be announced. Absent: it got lost or was refused, and stays until delivered.',
        ),
      ),
    }),
    'Notifications that wait, got lost, or were refused.',
  ),
})
export type SandboxLedgerEntry = Static<typeof SandboxLedgerEntry>

export const GetSandboxLedgerResponse = object('GetSandboxLedgerResponse', "The sandbox gateway's books.", {
  items: array(SandboxLedgerEntry, 'Newest first.'),
})
export type GetSandboxLedgerResponse = Static<typeof GetSandboxLedgerResponse>
