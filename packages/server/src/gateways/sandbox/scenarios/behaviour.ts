import type { PgCode } from './failures.ts'

/**
 * What the sandbox PG can be made to do. Nothing is random and nothing hidden: the request alone decides.
 *
 * A scenario is chosen, in this order, by
 *   1. the header `Naru-Test-Code: <code>` of the call;
 *   2. the next step of a script that matches the call (script-steps.ts);
 *   3. a customer id `sbx-<code>`, such as `sbx-decline-insufficient`;
 *   4. the card number, such as 4000 0000 0000 0002 (declined), or a number, expiry or instalment that cannot be right;
 *   5. the amount, such as 990001 (declined), in the minor unit of whatever currency; or the telephone number of a
 *      person to verify, such as 010-0000-0001;
 *   6. otherwise everything is approved.
 *
 * The code is remembered with the payment, so that `cancel-decline` on a payment makes its cancellations fail. A header
 * or a step of a later call (cancel, capture, close) replaces the remembered code for that call; `maintenance`,
 * `server-error` and `slow-<s>` there hit any call.
 *
 * `<s>` stands for a number of seconds by the store's clock: `pending-paid-10`.
 * `triggerTable` (trigger-table.ts) lists every code with every way to provoke it.
 */
export type Behaviour = {
  /** What a card approval does, and, where `account` is absent, issuing a virtual account too. */
  readonly charge?: Effect
  readonly account?: Effect
  /** Issuing a cash receipt; by default it does what a charge does. Cancelling one does what a cancellation does. */
  readonly receipt?: Effect
  readonly cancel?: Effect
  readonly capture?: Effect
  readonly close?: Effect
  /** Deleting a billing key whose issue named the code. */
  readonly deletion?: Effect
  /** Shipments, confirmed purchases and deliveries. */
  readonly escrow?: Effect
  /** Sending a request that verifies a person's identity. */
  readonly identity?: Effect
  /** Confirming it; `endsIdentity` where no other code could help. */
  readonly confirmation?: Effect
  readonly endsIdentity?: true
  /** What any other call does that names this code in its own header: the PG itself is ill, not the payment. */
  readonly call?: Effect
  readonly onlyFullCancel?: true
  /** Charged and reported on top of what was asked for. */
  readonly overcharge?: number
  /** NONE_TWICE: denies knowing the payment twice, then tells the truth. SILENT: never answers until resolved. */
  readonly inquiry?: 'NONE_TWICE' | 'SILENT'
  /** How what happens later is made known; by default once, at once. */
  readonly announcement?: Announcement
  /** A shopper's own doing: the window itself fails, before anything is approved. */
  readonly windowFails?: true
  readonly acceptsLateDeposit?: true
  readonly neverDeposited?: true
  /** Of a payment in coins only half arrives. */
  readonly isUnderpaid?: true
}

/** What one call does to the PG's books, and what the caller hears of it. */
export type Effect = {
  readonly books: 'DONE' | 'REFUSED' | 'PENDING' | 'NOTHING'
  /** Why, where it is refused now or turns out refused later. */
  readonly pgCode?: PgCode
  /** Absent: at once. LOST: the connection drops before the answer. A number: after so many seconds. */
  readonly answer?: 'LOST' | number
  readonly later?: readonly Later[]
}

/** `after` is in seconds; EXPIRY is 10 seconds after a virtual account expired. */
export type Later = { readonly action: Action; readonly after: number | 'EXPIRY' | 'BEFORE_THE_ANSWER' }

/** What the PG does of its own accord at some later instant; afterwards it announces it. */
export type Action =
  | 'APPROVE'
  | 'FAIL'
  | 'DEPOSIT'
  | 'DEPOSIT_WRONG_AMOUNT'
  | 'REVERSE'
  | 'COMPLETE_CANCELLATION'
  | 'FAIL_CANCELLATION'
  | 'DISPUTE'
  | 'WIN_DISPUTE'
  | 'LOSE_DISPUTE'
  /** Nothing but announcing what has happened. */
  | 'ANNOUNCE'
  /** An announcement whose delay is over. */
  | 'ANNOUNCE_DELAYED'

export type Announcement = {
  readonly times: number
  readonly isForged?: true
  readonly paymentDelay: number
  readonly cancellationDelay: number
}

export const doneAtOnce: Effect = { books: 'DONE' }

export const announcedOnce: Announcement = { times: 1, paymentDelay: 0, cancellationDelay: 0 }
