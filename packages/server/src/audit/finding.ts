/** A broken rule. `what` is for people: what is wrong, and with which numbers. */
export type Finding = {
  /** Null if no store is concerned; then `what` names what is. */
  readonly storeId: string | null
  /** Null if no payment is concerned; then `what` names what is. */
  readonly paymentId: string | null
  readonly rule: Rule
  readonly what: string
}

/** The rules that an audit checks. */
export type Rule =
  /** The versions of a stream are 1, 2, 3, …, as many as its snapshot says. */
  | 'journal-has-no-gap'
  /** An event is filed under its own type, and can be folded. */
  | 'journal-is-readable'
  /** Every stream has its payment. */
  | 'journal-has-a-payment'
  /** Every other stream has its snapshot. */
  | 'journal-has-a-snapshot'
  /** The snapshot has the shape of a payment, so that the other rules can be looked at. */
  | 'snapshot-is-readable'
  /** Replaying the events gives the snapshot. */
  | 'snapshot-is-the-replay'
  /** The columns say what the snapshot says. */
  | 'columns-follow-the-snapshot'
  /** What of a snapshot is listed or falls due by itself has its row, which says what the snapshot says. No other row is there. */
  | 'rows-follow-the-snapshot'
  /** At most one paid attempt; no part refunded beyond what was paid; CANCELLED if and only if all was. */
  | 'money-adds-up'
  /** Whatever is undecided has a time for the next inquiry, and a webhook that was never sent one for being sent. */
  | 'undecided-is-due'
  /** Every webhook about a payment has its payment. */
  | 'webhook-has-a-payment'
  /** The PG has charged everything that we show as paid, in the same amount. */
  | 'paid-is-charged'
  /** We know of everything that the PG charged or keeps: nothing is forgotten, nothing is charged twice. */
  | 'charged-is-known'
  /** What the PG charged and must not keep is given back: the PG refuses no such refund. */
  | 'charged-is-given-back'
  /** The PG has refunded everything that we show as refunded, in the same amount, and vice versa. */
  | 'refunds-agree'
  /** The PG's own sums are the sums of its refunds. */
  | 'gateway-adds-up'
  /** A promotion's budget holds the discount that an attempt has, and none for an attempt that never began. */
  | 'discount-is-held'
  /** The spent part of a budget is the sum of what it holds for transactions. */
  | 'budget-adds-up'
  /** A cash receipt is issued or cancelled at the PG if, and only if, it is here. */
  | 'receipts-agree'
  /** A card is stored at the PG if, and only if, it is here. */
  | 'billing-keys-agree'
  /** Every transfer has the versions it names. Computing an order anew, from these and what was registered, gives its amounts. */
  | 'transfer-is-the-computation'
  /** Cancellations take back no more than the order has, and all of it where it is cancelled in full. */
  | 'cancels-are-within-the-order'
  /** What is registered of a payment or of a cancellation is the sum of its transfers, and not more than there was. */
  | 'registered-is-the-sum'
  /** What is settled is in one partner settlement, which is the sum of its transfers. */
  | 'settlement-is-the-sum'
  /** What waits to be settled waits for a day that is still to be looked at. */
  | 'waiting-is-awaited'
  /** No order is settled whose payment was never made. */
  | 'settled-is-paid'
  /** Nobody is paid before the settlement starts. */
  | 'settled-after-the-start'
  /** A settlement that waits to be paid is not more than one payout can pay. */
  | 'settlement-can-be-paid'
  /** What happened to a payout is on record without a gap, each step is one that is possible, and the last is its status. */
  | 'payout-has-a-history'
  /** A payout is the sum of its settlements, cancellations subtracted. */
  | 'payout-is-the-sum'
  /** Settlements and transfers are what their payout makes them. */
  | 'payout-is-followed'
  /** A bulk payout counts the payouts that it has. */
  | 'bulk-payout-is-the-sum'
  /** Whenever a payout was ordered there is an account transfer, the last of which is what the payout is. A bulk of them counts them. */
  | 'payout-is-ordered'
  /** Money for a payout leaves the bank once, and only if it was ordered. */
  | 'paid-out-once'
  /** The bank has made every payout that we show as paid, in the same amount and to the same account, and nothing else. */
  | 'paid-out-is-at-the-bank'
  /** An account of the sandbox bank has what it began with, without what left it. */
  | 'bank-adds-up'
  /** Everything that is to be checked can be read. */
  | 'can-be-checked'

/** A rule that one payment breaks, before its store is known. */
export type Broken = Pick<Finding, 'rule' | 'what'>
