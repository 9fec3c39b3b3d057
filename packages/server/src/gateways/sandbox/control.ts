import type { Sql } from '../../db/connect.ts'
import { once } from '../../db/lease.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { GatewayEscrow } from '../port/fulfilment.ts'
import type { IdentityRequest } from '../port/identity.ts'
import type { CardCredential } from '../port/terms.ts'
import type { AuthenticationRequest, StoringRequest } from '../port/window.ts'
import { authenticate, rightCode } from './authenticate.ts'
import { authorizeBillingKey } from './billing-authorizations.ts'
import { replaceCard } from './billing-keys.ts'
import { type DepositRejection, depositRejection } from './books/deposits.ts'
import { progressEscrow } from './books/escrow.ts'
import { find, findWaitingAccount, move, type Transition } from './books/ledger.ts'
import { announcementNow, insertNotifications, type Notification } from './books/notifications.ts'
import { isSilent, successOf, type Transaction } from './books/transaction.ts'
import { type LedgerEntry, readLedger } from './books/view.ts'
import { deliverNotification, runNotification } from './due.ts'
import { produceFile } from './files.ts'
import { approveIdentity, openIdentity } from './identities.ts'
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
  authenticate: (storeId: string, request: AuthenticationRequest) =>
    authenticate(parts, storeId, { otp: rightCode, ...request }),

  /** Shows a card in the window where one is stored. */
  authorizeBillingKey: (storeId: string, request: StoringRequest) =>
    authorizeBillingKey(parts, storeId, { otp: rightCode, ...request }),

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

export type DepositInput = { readonly amount?: Amount | undefined; readonly remitterName?: string | undefined }
type Done = { readonly kind: 'done'; readonly transaction: Transaction }

export type ControlOutcome = Done | { readonly kind: 'rejected'; readonly reason: Rejection; readonly message: string }

export type Rejection = keyof typeof rejections

const rejections = {
  NOT_FOUND: 'The sandbox PG knows no such payment.',
  NO_SUCH_ACCOUNT: 'This payment has no virtual account to deposit into.',
  WRONG_AMOUNT: 'The bank sends back any amount but the one the account was issued for.',
  CLOSED: 'The virtual account is closed.',
  EXPIRED: 'The virtual account has expired.',
  ALREADY_DEPOSITED: 'The deposit has been made already.',
  REFUSED: 'The scenario va-never lets nobody deposit into this account.',
  NOT_WAITING: 'The payment does not wait for a deposit.',
  NOT_FAILED: 'Only a failed or pending payment can be approved late.',
  NOT_DEPOSITED: 'There is no deposit to take back.',
  ALREADY_REFUNDED: 'Something was refunded already, so what happened cannot be changed any more.',
  NOT_DISPUTABLE: 'Only a card payment that was approved and never disputed can be disputed.',
  NOT_DISPUTED: 'There is no open dispute about this payment.',
  ESCROW_NOT_ALLOWED:
    'That cannot happen to the goods now: a registered shipment is delivered; from registration or delivery on the buyer confirms or rejects; what was rejected is accepted back; after a cancellation nothing follows.',
  NOT_IN_DOUBT: 'The sandbox PG answers inquiries about this payment: there is no doubt to end.',
} satisfies Record<DepositRejection, string> & Record<string, string>

type Change = Omit<Transition, 'storeId' | 'reference' | 'from' | 'notifications'>

/** Reads, decides, writes where nothing changed meanwhile, and notifies; where something changed, decides again. */
const attempt = (
  parts: SandboxParts,
  storeId: string,
  reference: string,
  decide: (payment: Transaction) => Change | Rejection,
): Promise<ControlOutcome> => {
  const act = async (sql: Sql): Promise<Acted> => {
    const payment = await find(sql, storeId, reference)
    if (payment === undefined) return rejected('NOT_FOUND')
    const change = decide(payment)
    if (typeof change === 'string') return rejected(change)
    if (payment.cancelledAmount + payment.reservedAmount > 0) return rejected('ALREADY_REFUNDED')
    const announcement = announcementNow(storeId, reference, change.at)
    const from = [payment.state]
    const moved = await move(sql, { storeId, reference, from, ...change, notifications: [announcement] })
    return moved === undefined ? await act(sql) : { kind: 'done', transaction: moved, announcement }
  }
  return actOnce(parts, reference, act)
}

type Acted = (ControlOutcome & { readonly kind: 'rejected' }) | (Done & { readonly announcement: Notification })

/** A retry of the request finds what the first try did, which may have died before it notified. */
const actOnce = async (
  parts: SandboxParts,
  reference: string,
  act: (sql: Sql) => Promise<Acted>,
): Promise<ControlOutcome> => {
  const acted = await once(parts.sql, `the PG acts on ${reference}`, act, ({ kind }) => kind === 'done')
  if (acted.kind === 'rejected') return acted
  await runNotification(parts, acted.announcement)
  return { kind: 'done', transaction: acted.transaction }
}

const takeDeposit = (account: Transaction, deposit: DepositInput, now: Instant): Change | Rejection =>
  depositRejection(account, deposit.amount ?? account.amount, now) ?? {
    to: 'DEPOSITED',
    at: now,
    remitterName: deposit.remitterName,
  }

const disputeActions = { OPEN: 'DISPUTE', WON: 'WIN_DISPUTE', LOST: 'LOSE_DISPUTE' } as const

const dispute = (
  parts: SandboxParts,
  storeId: string,
  reference: string,
  as: keyof typeof disputeActions,
  now: Instant,
): Promise<ControlOutcome> =>
  actOnce(parts, reference, async (sql) => {
    const payment = await find(sql, storeId, reference)
    if (payment === undefined) return rejected('NOT_FOUND')
    if (as === 'OPEN' && (payment.kind !== 'CARD' || payment.state !== 'APPROVED' || payment.dispute !== null))
      return rejected('NOT_DISPUTABLE')
    if (as !== 'OPEN' && payment.dispute !== 'OPEN') return rejected('NOT_DISPUTED')
    // Announcing what the row stands for also does it, and only once, whoever else disputes the payment meanwhile.
    const announcement = { ...announcementNow(storeId, reference, now), action: disputeActions[as] }
    await sql`with ${insertNotifications(sql, [announcement], sql`true`)} select`
    return { kind: 'done', transaction: payment, announcement }
  })

const sayEscrow = (
  parts: SandboxParts,
  storeId: string,
  reference: string,
  escrow: GatewayEscrow,
): Promise<ControlOutcome> =>
  actOnce(parts, reference, async (sql) => {
    const announcement = announcementNow(storeId, reference, escrow.at)
    const moved = await progressEscrow(sql, { storeId, reference }, escrow, announcement)
    return moved === undefined ? rejected('ESCROW_NOT_ALLOWED') : { kind: 'done', transaction: moved, announcement }
  })

const depositToAccount = async (
  parts: SandboxParts,
  storeId: string,
  number: string,
  deposit: DepositInput & { readonly amount: Amount },
  now: Instant,
): Promise<ControlOutcome> => {
  const account = await findWaitingAccount(parts.sql, storeId, number, deposit.amount)
  if (account === undefined) return rejected('NO_SUCH_ACCOUNT')
  return await attempt(parts, storeId, account.reference, (found) => takeDeposit(found, deposit, now))
}

const rejected = (reason: Rejection): Acted & { readonly kind: 'rejected' } => ({
  kind: 'rejected',
  reason,
  message: rejections[reason],
})
