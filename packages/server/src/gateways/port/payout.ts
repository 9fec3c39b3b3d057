import type { Bank, Currency } from '@naru/contract'
import type { Instant, StoreClock } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import type { Outcome } from './terms.ts'

/**
 * The port to a bank: it tells whose an account is and moves money out of the merchant's own. Korean banks are reached
 * through a firm-banking agency; an adapter is the code for one.
 *
 * As with a PG, a transfer carries a `reference` of ours that was committed before the call. Many banks know no
 * idempotency: a call that is made twice pays twice. So a transfer is never repeated under one reference, it is asked about.
 */
export type PayoutBank = {
  /** Whose account it is. Never changes anything. */
  lookUpHolder(context: BankContext, account: HolderQuestion): Promise<HolderAnswer>
  /** Moves money out of `context.account`. `pending`: the bank took it on and decides later. */
  transfer(context: BankTransferContext, request: BankTransferRequest): Promise<Outcome<BankTransfer>>
  /** What the bank knows of the transfer with this reference. Never changes anything. */
  inquireTransfer(context: BankTransferContext): Promise<Outcome<BankTransferState>>
  /** What is left in `context.account`. Never changes anything. */
  balance(context: BankContext): Promise<Outcome<BankBalance>>
  /**
   * How long, in milliseconds, after our intent the bank may still carry out a transfer: before that, "unknown to us" proves
   * nothing.
   */
  readonly mayActWithin: number
}

export type BankContext = {
  readonly merchantId: string
  readonly account: OwnAccount
  readonly clock: StoreClock
}

export type BankTransferContext = BankContext & {
  /** The store whose clock is `clock`. */
  readonly storeId: string
  /** Our name for this transfer, unique for the merchant. */
  readonly reference: string
}

/** The merchant's account that payouts leave from. */
export type OwnAccount = {
  readonly id: string
  readonly bank: Bank
  readonly number: string
  readonly holder: string
  /** Of the platform's test environment: nothing real may leave it. */
  readonly isForTest: boolean
}

export type BankAccountName = { readonly bank: Bank; readonly number: string }

/** With one of the two the bank compares the holder by real name, too. */
export type HolderQuestion = BankAccountName & {
  readonly birthdate?: string | undefined
  readonly businessRegistrationNumber?: string | undefined
}

export type HolderAnswer =
  | { readonly kind: 'found'; readonly holderName: string }
  /** The agency does not reach this bank. */
  | { readonly kind: 'unsupported' }
  /** The bank answered, and it is no: no such account, or another real name. Asking again gives the same. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It could not be asked now. Asking again may help. */
  | { readonly kind: 'unavailable'; readonly reason: string }

export type BankTransferRequest = {
  /**
   * By the store's clock: the bank is not to do what reaches it later. A server may stand still right before it sends, while
   * another one asks, hears that the bank knows nothing, and lets somebody pay again. Banks that take a deadline are told it.
   */
  readonly actBefore: Instant
  readonly to: BankAccountName & { readonly holder: string }
  readonly currency: Currency
  readonly amount: Amount
  /** What our own bank book shows. */
  readonly withdrawalMemo?: string | undefined
  /** What the receiver's bank book shows. */
  readonly depositMemo?: string | undefined
}

export type BankTransfer = {
  readonly bankTransactionId: string
  readonly transferredAt: Instant
  /** What was left in our account afterwards, where the bank says so. */
  readonly balance?: Amount | undefined
}

/** `NONE`: the bank never heard of it (which proves nothing before `mayActWithin`). */
export type BankTransferState =
  | { readonly state: 'NONE' }
  | { readonly state: 'PENDING' }
  | { readonly state: 'TRANSFERRED'; readonly transfer: BankTransfer }
  | { readonly state: 'FAILED'; readonly failure: { readonly pgCode: string; readonly pgMessage: string } }

export type BankBalance = { readonly amount: Amount; readonly at: Instant }
