import type { Sql } from '../../db/connect.ts'
import { once } from '../../db/lease.ts'
import type { Instant } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { GatewayEscrow } from '../port/fulfilment.ts'
import { type DepositRejection, depositRejection } from './books/deposits.ts'
import { progressEscrow } from './books/escrow.ts'
import { find, findWaitingAccount, move, type Transition } from './books/ledger.ts'
import { announcementNow, insertNotifications, type Notification } from './books/notifications.ts'
import type { Transaction } from './books/transaction.ts'
import { runNotification } from './due.ts'
import type { SandboxParts } from './parts.ts'

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
  ALREADY_DEPOSITED: 'The deposit has already been made.',
  REFUSED: 'The scenario va-never lets nobody deposit into this account.',
  NOT_WAITING: 'The payment does not wait for a deposit.',
  NOT_FAILED: 'Only a failed or pending payment can be approved late.',
  NOT_DEPOSITED: 'There is no deposit to take back.',
  ALREADY_REFUNDED: 'Something was already refunded, so what happened cannot be changed any more.',
  NOT_DISPUTABLE: 'Only a card payment that was approved and never disputed can be disputed.',
  NOT_DISPUTED: 'There is no open dispute about this payment.',
  ESCROW_NOT_ALLOWED:
    'That cannot happen to the goods now: a registered shipment is delivered; from registration or delivery on the buyer confirms or rejects; what was rejected is accepted back; after a cancellation nothing follows.',
  NOT_IN_DOUBT: 'The sandbox PG answers inquiries about this payment: there is no doubt to end.',
} satisfies Record<DepositRejection, string> & Record<string, string>

type Change = Omit<Transition, 'storeId' | 'reference' | 'from' | 'notifications'>

/** Reads, decides, writes where nothing changed meanwhile, and notifies; where something changed, decides again. */
export const attempt = (
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

export const takeDeposit = (account: Transaction, deposit: DepositInput, now: Instant): Change | Rejection =>
  depositRejection(account, deposit.amount ?? account.amount, now) ?? {
    to: 'DEPOSITED',
    at: now,
    remitterName: deposit.remitterName,
  }

const disputeActions = { OPEN: 'DISPUTE', WON: 'WIN_DISPUTE', LOST: 'LOSE_DISPUTE' } as const

export const dispute = (
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

export const sayEscrow = (
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

export const depositToAccount = async (
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
