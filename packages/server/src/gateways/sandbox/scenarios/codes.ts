import { type Action, type Announcement, announcedOnce, type Behaviour, type Effect, type Later } from './behaviour.ts'
import type { PgCode } from './failures.ts'

const refusal = (pgCode: PgCode): Effect => ({ books: 'REFUSED', pgCode })
const refused = (pgCode: PgCode): Behaviour => ({ charge: refusal(pgCode) })
/** Charges and, where a call names the code in its header, everything else. */
const wholePg = (effect: Effect): Behaviour => ({ charge: effect, call: effect })
const announced = (announcement: Partial<Announcement>): Behaviour => {
  const later = [{ action: 'ANNOUNCE', after: 0 }] as const
  return {
    charge: { books: 'DONE', later },
    cancel: { books: 'DONE', later },
    announcement: { ...announcedOnce, ...announcement },
  }
}
const thenLater = (action: Action, after: Later['after']): Effect => ({ books: 'DONE', later: [{ action, after }] })
const disputed = (...end: readonly Later[]): Behaviour => ({
  charge: { books: 'DONE', later: [{ action: 'DISPUTE', after: 10 }, ...end] },
})
/** Automatic deposits come this long after the account was issued. */
const soon = 5

type Entry = { readonly outcome: string; readonly behaviour: (seconds: number) => Behaviour }
const entry = (outcome: string, behaviour: Behaviour | ((seconds: number) => Behaviour)): Entry => ({
  outcome,
  behaviour: typeof behaviour === 'function' ? behaviour : () => behaviour,
})

const entries = {
  approve: entry('approved', {}),
  decline: entry('declined by the issuer', refused('SBX_DECLINED')),
  'decline-insufficient': entry('declined: insufficient funds', refused('SBX_INSUFFICIENT_FUNDS')),
  'decline-lost': entry('declined: card reported lost', refused('SBX_LOST_CARD')),
  'decline-stolen': entry('declined: card reported stolen', refused('SBX_STOLEN_CARD')),
  'decline-expired': entry('declined: card expired', refused('SBX_EXPIRED_CARD')),
  'decline-limit': entry('declined: over the card limit', refused('SBX_LIMIT_EXCEEDED')),
  'decline-velocity': entry('declined: too many approvals in a short time', refused('SBX_VELOCITY')),
  'decline-fraud': entry('declined: suspected fraud', refused('SBX_FRAUD')),
  'invalid-number': entry('refused: invalid card number', refused('SBX_INVALID_NUMBER')),
  'invalid-expiry': entry('refused: invalid expiry date', refused('SBX_INVALID_EXPIRY')),
  'invalid-birth': entry('refused: wrong birth date or business registration number', refused('SBX_INVALID_BIRTH')),
  'invalid-password': entry('refused: wrong card password', refused('SBX_INVALID_PASSWORD')),
  'invalid-installment': entry(
    'refused: this number of instalments is not offered',
    refused('SBX_INVALID_INSTALLMENT'),
  ),
  'unknown-code': entry('refused: no such test code', wholePg(refusal('SBX_UNKNOWN_TEST_CODE'))),
  'invalid-order-name': entry(
    "refused: the order name exceeds the emulated PG's limits",
    refused('SBX_INVALID_ORDER_NAME'),
  ),
  'shopper-cancel': entry('the shopper closes the window', {
    ...refused('PAY_PROCESS_CANCELED'),
    windowFails: true,
  }),
  'shopper-timeout': entry('the shopper lets the window time out', {
    ...refused('SBX_AUTH_EXPIRED'),
    windowFails: true,
  }),
  maintenance: entry(
    'refused: the PG is down for maintenance; nothing was executed',
    wholePg(refusal('SBX_MAINTENANCE')),
  ),
  'server-error': entry(
    'response lost, request not executed; an inquiry confirms it',
    wholePg({ books: 'NOTHING', answer: 'LOST' }),
  ),
  'doubt-approved': entry('response lost, payment approved; an inquiry says so', {
    charge: { books: 'DONE', answer: 'LOST' },
  }),
  'doubt-failed': entry('response lost, payment declined; an inquiry says so', {
    charge: { books: 'REFUSED', pgCode: 'SBX_DECLINED', answer: 'LOST' },
  }),
  'doubt-none': entry('response lost, request never received; an inquiry finds nothing', {
    charge: { books: 'NOTHING', answer: 'LOST' },
  }),
  'doubt-slow': entry('response lost, payment approved; the first two inquiries find nothing, the third says so', {
    charge: { books: 'DONE', answer: 'LOST' },
    inquiry: 'NONE_TWICE',
  }),
  'doubt-forever': entry('response lost, payment approved; inquiries time out until you resolve it', {
    charge: { books: 'DONE', answer: 'LOST' },
    inquiry: 'SILENT',
  }),
  'slow-<s>': entry('executed, answered after s seconds; above 30 the caller times out first', (seconds) =>
    wholePg({ books: 'DONE', answer: seconds }),
  ),
  'pending-paid-<s>': entry('answered with 200, but `PAY_PENDING`; approved after s seconds', (seconds) => ({
    charge: { books: 'PENDING', later: [{ action: 'APPROVE', after: seconds }] },
  })),
  'pending-failed-<s>': entry('answered with 200, but `PAY_PENDING`; failed after s seconds', (seconds) => ({
    charge: { books: 'PENDING', pgCode: 'SBX_DECLINED', later: [{ action: 'FAIL', after: seconds }] },
  })),
  'late-success': entry('declined now, approved after all 10 seconds later', {
    charge: { books: 'REFUSED', pgCode: 'SBX_DECLINED', later: [{ action: 'APPROVE', after: 10 }] },
  }),
  'amount-mismatch': entry('approved for 1 more than requested; Naru cancels it, and the payment fails', {
    overcharge: 1,
  }),
  'cancel-decline': entry('approved; its cancellations are refused', {
    cancel: { books: 'REFUSED', pgCode: 'SBX_CANCEL_REFUSED' },
  }),
  'cancel-doubt-done': entry('approved; its cancellations are executed, but the response is lost', {
    cancel: { books: 'DONE', answer: 'LOST' },
  }),
  'cancel-doubt-none': entry('approved; its cancellations are never received, and the response is lost', {
    cancel: { books: 'NOTHING', answer: 'LOST' },
  }),
  'cancel-pending-<s>': entry('approved; its cancellations complete after s seconds', (seconds) => ({
    cancel: { books: 'PENDING', later: [{ action: 'COMPLETE_CANCELLATION', after: seconds }] },
  })),
  'cancel-pending-fail-<s>': entry(
    'approved; its cancellations are refused after s seconds, without a webhook',
    (seconds) => ({
      cancel: {
        books: 'PENDING',
        pgCode: 'SBX_CANCEL_REFUSED',
        later: [{ action: 'FAIL_CANCELLATION', after: seconds }],
      },
    }),
  ),
  'partial-unsupported': entry('approved; only the full amount can be cancelled', { onlyFullCancel: true }),
  'capture-decline': entry('approved; capturing it is refused', {
    capture: { books: 'REFUSED', pgCode: 'SBX_CAPTURE_REFUSED' },
  }),
  'receipt-fail': entry('approved; issuing its cash receipt is refused', {
    receipt: { books: 'REFUSED', pgCode: 'SBX_RECEIPT_REFUSED' },
  }),
  'escrow-fail': entry('approved; shipments, confirmations and deliveries are refused', {
    escrow: { books: 'REFUSED', pgCode: 'SBX_ESCROW_REFUSED' },
  }),
  'escrow-doubt': entry('approved; shipments, confirmations and deliveries are executed, but the response is lost', {
    escrow: { books: 'DONE', answer: 'LOST' },
  }),
  dispute: entry('approved, disputed 10 seconds later', disputed()),
  'dispute-won': entry(
    'approved, disputed after 10 seconds, won after 20',
    disputed({ action: 'WIN_DISPUTE', after: 20 }),
  ),
  'dispute-lost': entry(
    'approved, disputed after 10 seconds, lost after 20',
    disputed({ action: 'LOSE_DISPUTE', after: 20 }),
  ),
  'bk-fail-later': entry('approved; every charge to a billing key issued with it is declined', {}),
  'bk-third-fails': entry('approved; the third charge to a billing key issued with it is declined', {}),
  'bk-delete-fail': entry('approved; deleting a billing key issued with it is refused', {
    deletion: { books: 'REFUSED', pgCode: 'SBX_DELETE_REFUSED' },
  }),
  'notify-none': entry('no notification is sent of what happens later', {
    announcement: { ...announcedOnce, times: 0 },
  }),
  'notify-dup': entry('every notification is sent twice', announced({ times: 2 })),
  'notify-delay-<s>': entry('every notification is sent s seconds late', (seconds) =>
    announced({ paymentDelay: seconds, cancellationDelay: seconds }),
  ),
  'notify-reorder': entry(
    'the notification of the payment is sent 10 seconds late, so that of a cancellation overtakes it',
    announced({ paymentDelay: 10 }),
  ),
  'notify-badsig': entry('every notification has an invalid signature and is rejected', announced({ isForged: true })),
  'va-auto-<s>': entry('virtual account: deposit after s seconds', (seconds) => ({
    account: thenLater('DEPOSIT', seconds),
  })),
  'va-deposit-first': entry('virtual account: the deposit is notified before the account is returned', {
    account: thenLater('DEPOSIT', 'BEFORE_THE_ANSWER'),
  }),
  'va-reversal': entry('virtual account: deposit after 5 seconds, reversed 10 seconds later', {
    account: {
      books: 'DONE',
      later: [
        { action: 'DEPOSIT', after: soon },
        { action: 'REVERSE', after: soon + 10 },
      ],
    },
  }),
  'va-wrong-amount': entry('virtual account: a deposit of the wrong amount after 5 seconds, returned by the bank', {
    account: thenLater('DEPOSIT_WRONG_AMOUNT', soon),
  }),
  'va-never': entry('virtual account: nobody deposits; it expires', { neverDeposited: true }),
  'va-late-deposit': entry('virtual account: deposit 10 seconds after it expired, still accepted', {
    account: thenLater('DEPOSIT', 'EXPIRY'),
    acceptsLateDeposit: true,
  }),
  'va-fail': entry('virtual account: cannot be issued', { account: { books: 'REFUSED', pgCode: 'SBX_BANK_DOWN' } }),
  'va-deposit-thrice': entry('virtual account: deposit after 5 seconds, notified three times', {
    account: thenLater('DEPOSIT', soon),
    announcement: { ...announcedOnce, times: 3 },
  }),
  'va-close-refused': entry('virtual account: closing it is refused', {
    close: { books: 'REFUSED', pgCode: 'SBX_CLOSE_REFUSED' },
  }),
  'va-close-doubt': entry('virtual account: closing it is executed, but the response is lost', {
    close: { books: 'DONE', answer: 'LOST' },
  }),
  'crypto-underpaid': entry(
    'crypto: half of it arrives after 5 seconds; the rest is waited for until the time is over',
    {
      isUnderpaid: true,
    },
  ),
  'otp-wrong': entry('identity verification: every code is wrong; the third attempt ends it', {
    confirmation: { books: 'REFUSED', pgCode: 'SBX_OTP_WRONG' },
  }),
  'otp-never': entry('identity verification: the code never arrives, and no code is accepted', {
    confirmation: { books: 'REFUSED', pgCode: 'SBX_OTP_NOT_SENT' },
  }),
  'identity-limit': entry('identity verification: sending is refused: too many for this number today', {
    identity: { books: 'REFUSED', pgCode: 'SBX_IDENTITY_LIMIT' },
  }),
  'identity-under-age': entry('identity verification: the person is under age', {
    confirmation: { books: 'REFUSED', pgCode: 'SBX_UNDER_AGE' },
    endsIdentity: true,
  }),
  'identity-doubt': entry('identity verification: sent and confirmed, but the responses are lost', {
    identity: { books: 'DONE', answer: 'LOST' },
    confirmation: { books: 'DONE', answer: 'LOST' },
  }),
} satisfies Readonly<Record<string, Entry>>

const byName: ReadonlyMap<string, Entry> = new Map(Object.entries(entries))

/** Every code with its outcome, in reading order. */
export const codes: readonly { readonly code: string; readonly outcome: string }[] = Object.entries(entries).map(
  ([code, { outcome }]) => ({ code, outcome }),
)

/** The behaviour remembered with a payment. A code that this version does not know any more does nothing special. */
export const rememberedBehaviour = (code: string): Behaviour => behaviourOf(code) ?? {}

/** The behaviour of a code such as `decline` or `pending-paid-10`; undefined where there is no such code. */
export const behaviourOf = (code: string): Behaviour | undefined => {
  const exact = code.includes('<') ? undefined : byName.get(code)
  if (exact !== undefined) return exact.behaviour(0)
  const [, name, seconds] = /^(.+)-(\d{1,7})$/.exec(code) ?? []
  return name === undefined ? undefined : byName.get(`${name}-<s>`)?.behaviour(Number(seconds))
}
