import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { GatewayEscrow } from '../port/fulfilment.ts'
import type { IdentityRequest } from '../port/identity.ts'
import type { CardCredential } from '../port/terms.ts'
import type { AuthenticationRequest, StoringRequest } from '../port/window.ts'
import { attempt, type DepositInput, depositToAccount, dispute, sayEscrow, takeDeposit } from './acts.ts'
import { authenticate } from './authenticate.ts'
import { authorizeBillingKey } from './billing-authorizations.ts'
import { replaceCard } from './billing-keys.ts'
import { isSilent, successOf } from './books/transaction.ts'
import { type LedgerEntry, readLedger } from './books/view.ts'
import { deliverNotification } from './due.ts'
import { produceFile } from './files.ts'
import { approveIdentity, openIdentity } from './identities.ts'
import type { CodeOwner } from './one-time-codes.ts'
import type { SandboxParts } from './parts.ts'
import { deleteScript, findScripts, insertScript, type Script } from './scenarios/scripts.ts'

/**
 * The hands of whoever tests: makes the PG do what otherwise a shopper, a bank or chance would do. Where something
 * happened, the platform has been notified by the time the promise resolves. What cannot be done comes back as a value.
 */
export type SandboxControl = ReturnType<typeof sandboxControl>

export const sandboxControl = (parts: SandboxParts) => ({
  /** Money arrives on a virtual account; without an amount, just what it waits for. */
  deposit: (storeId: string, reference: string, deposit: DepositInput, now: Instant) =>
    attempt(parts, storeId, reference, (account) => takeDeposit(account, deposit, now)),

  /** The same by account number: the oldest payment that waits there for this amount gets it. */
  depositToAccount: (
    storeId: string,
    number: string,
    deposit: DepositInput & { readonly amount: Amount },
    now: Instant,
  ) => depositToAccount(parts, storeId, number, deposit, now),

  /** The bank ends a virtual account before its time. */
  expire: (storeId: string, reference: string, now: Instant) =>
    attempt(parts, storeId, reference, (account) =>
      account.state === 'WAITING' ? { to: 'CLOSED', at: now } : 'NOT_WAITING',
    ),

  /** What failed or is pending turns out to be approved. */
  approveLate: (storeId: string, reference: string, now: Instant) =>
    attempt(parts, storeId, reference, ({ kind, state }) =>
      state === 'FAILED' || state === 'PENDING' ? { to: successOf(kind), at: now } : 'NOT_FAILED',
    ),

  /** The bank takes a deposit back; the account waits again. Not once something was refunded. */
  reverse: (storeId: string, reference: string, now: Instant) =>
    attempt(parts, storeId, reference, (account) =>
      account.state === 'DEPOSITED' ? { to: 'WAITING', at: now } : 'NOT_DEPOSITED',
    ),

  /** Ends a doubt that the PG keeps silent about (`doubt-forever`): from now on inquiries are told this. */
  resolve: (storeId: string, reference: string, as: 'APPROVED' | 'FAILED' | 'NONE', now: Instant) =>
    attempt(parts, storeId, reference, (payment) => {
      if (!isSilent(payment)) return 'NOT_IN_DOUBT'
      const to = as === 'APPROVED' ? successOf(payment.kind) : as
      return { to, at: now, resolve: true, pgCode: as === 'FAILED' ? 'SBX_DECLINED' : undefined }
    }),

  /** The carrier delivers, or the buyer keeps or returns what a registered shipment brought. */
  progressEscrow: (storeId: string, reference: string, escrow: GatewayEscrow) =>
    sayEscrow(parts, storeId, reference, escrow),

  /** The buyer objects to a card payment, or the dispute ends. */
  dispute: (storeId: string, reference: string, as: 'OPEN' | 'WON' | 'LOST', now: Instant) =>
    dispute(parts, storeId, reference, as, now),

  /** Delivers what has not been delivered yet: what waits, got lost, or was refused. False where there is no such thing. */
  deliver: (storeId: string, notificationId: string, now: Instant) =>
    deliverNotification(parts, { storeId, id: notificationId }, now),

  /** Agrees in the window on a shopper's behalf, who knows the one-time code. */
  authenticate: ({ storeId }: Pick<CodeOwner, 'storeId'>, request: AuthenticationRequest) =>
    authenticate(parts, { storeId }, request),

  /** Shows a card in the window where one is stored. */
  authorizeBillingKey: ({ storeId }: Pick<CodeOwner, 'storeId'>, request: StoringRequest) =>
    authorizeBillingKey(parts, { storeId }, request),

  /** A bank renews a stored card. False where the PG has none under that reference. */
  replaceCard: (storeId: string, reference: string, credential: CardCredential) =>
    replaceCard(parts.sql, storeId, reference, credential),

  /** A person opens the window where identities are verified. */
  openIdentity: (context: Parameters<typeof openIdentity>[1], request: IdentityRequest, now: Instant) =>
    openIdentity(parts.sql, context, request, 'approve', now),

  /** The person approves in the app, or confirms in the window. False where nothing waits for it. */
  approveIdentity: (storeId: string, reference: string, now: Instant) =>
    approveIdentity(parts.sql, storeId, reference, now),

  /** What the PG would send of a channel's days, with faults on demand. */
  produceFile: (storeId: string, channelKey: string, wanted: Parameters<typeof produceFile>[3]) =>
    produceFile(parts.sql, storeId, channelKey, wanted),

  /** Lays down outcomes for the next calls. */
  addScript: (storeId: string, script: Script) => insertScript(parts.sql, storeId, script),

  /** Oldest first. */
  scriptsOf: (storeId: string) => findScripts(parts.sql, storeId),

  /** False where there is none of that name. */
  deleteScript: (storeId: string, scriptId: string) => deleteScript(parts.sql, storeId, scriptId),

  /** The PG's books, newest first: one payment's, or the latest 1,000 of the store. */
  ledgerOf: (storeId: string, reference?: string): Promise<readonly LedgerEntry[]> =>
    readLedger(parts.sql, storeId, reference),
})
