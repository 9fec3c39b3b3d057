import type { SandboxControl } from '../gateways/sandbox/control.ts'
import type { Handlers } from '../http/handler.ts'
import { storeTime, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { refusedByGateway } from '../kernel/refusal.ts'
import { findPaymentIdsByTransactions } from '../payments/store.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clockOf' | 'control' | 'payments'>

/** What the sandbox PG has on its books, and the notifications that it sends. */
export const sandboxLedgerOperations = (
  parts: Parts,
): Pick<Handlers, 'getSandboxLedger' | 'deliverSandboxNotification'> => ({
  getSandboxLedger: forSandboxStore(parts.access, async ({ query, store }) => {
    const { storeId } = store
    if (query.paymentId === undefined) {
      const entries = await parts.control.ledgerOf(storeId)
      const references = entries.map(({ reference }) => reference)
      const paymentIds = await findPaymentIdsByTransactions(parts.payments.sql, storeId, references)
      return { items: entries.map((entry) => ledgerView(entry, paymentIds.get(entry.reference))) }
    }
    const { paymentId } = query
    const { state } = await parts.payments.process.load({ store, id: paymentId })
    const found = await Promise.all(
      state.attempts.map((attempt) => parts.control.ledgerOf(storeId, attempt.transactionId)),
    )
    return { items: found.flat().map((entry) => ledgerView(entry, paymentId)) }
  }),

  deliverSandboxNotification: forSandboxStore(parts.access, async ({ path, store }) => {
    const now = storeTime(await parts.clockOf(store.storeId))
    const isDelivered = await parts.control.deliver(store.storeId, path.notificationId, now)
    return isDelivered ? {} : refusedByGateway(noNotification)
  }),
})

const noNotification = {
  pgCode: 'SBX_NOT_FOUND',
  pgMessage: 'The sandbox PG has no such notification to deliver. GET /sandbox/ledger lists those it has.',
}

const ledgerView = (entry: Awaited<ReturnType<SandboxControl['ledgerOf']>>[number], paymentId: string | undefined) => ({
  reference: entry.reference,
  ...compact({ paymentId }),
  pgTxId: entry.pgTransactionId,
  state: entry.state,
  code: entry.code,
  amount: entry.amount,
  cancelledAmount: entry.cancelledAmount,
  currency: entry.currency,
  ...compact({ dispute: entry.dispute ?? undefined, escrow: entry.escrow ?? undefined }),
  createdAt: toIso(entry.createdAt),
  cancellations: entry.cancellations.map(({ reference, pgCancellationId, state, amount }) => ({
    reference,
    pgCancellationId,
    state,
    amount,
  })),
  notifications: entry.notifications.map(({ id, action, cancellationReference, dueAt }) => ({
    id,
    action,
    ...compact({
      cancellationReference: cancellationReference ?? undefined,
      dueAt: dueAt === null ? undefined : toIso(dueAt),
    }),
  })),
})
