/** A refusal of an immediate payment is the failure of a scheduled one, with the same text. */
const ofSchedule = <const Reason extends string>(reason: Reason) =>
  ({
    text: '{message}',
    seenAt: `a scheduled payment ${reason}`,
    remedy: 'fix the problem named in the text, then schedule the payment again',
  }) as const

/**
 * Every `pgCode` of Naru's own, for failures that no payment gateway gave a code. Each has one text, wherever it is
 * used; `{name}` is a placeholder. `docs/codes.md` is generated from this table (codes-page.ts).
 *
 * `seenAt` and `remedy` are for the documentation only.
 */
export const codeTable = {
  NARU_RESULT_UNKNOWN: {
    text:
      'The payment gateway has not yet said whether it carried out the request. Naru keeps asking and announces the ' +
      'result by webhook. Do not try again under another id: read the payment.',
    seenAt: 'any call whose result is still in doubt after 50 s, or when the server stops',
    remedy: 'wait for the webhook, or read the payment, billing key, cash receipt or identity verification',
  },
  NARU_NOT_EXECUTED: {
    text:
      "The request's deadline passed before the payment gateway carried it out: nothing was done. It is safe to try again. In a " +
      "sandbox, moving the store's clock while the request is under way also makes its deadline pass.",
    seenAt: "a call that did not reach the gateway in time, or that the store's clock overtook when it was moved",
    remedy: 'try again',
  },
  NARU_UNKNOWN_FAILURE: {
    text: 'The payment gateway refused without saying why.',
    seenAt: 'a refusal without a code',
    remedy: 'ask the payment gateway',
  },
  NARU_UNREACHABLE: {
    text: 'KakaoPay could not be reached. Try again.',
    seenAt: "the `error_code` of `GET /kakaopay/payment/order`, in place of KakaoPay's own",
    remedy: 'try again',
  },
  NARU_ALREADY_PAID: {
    text: 'Another attempt to pay this order succeeded or is waiting for its result. Whatever this one charged is refunded.',
    seenAt: 'an attempt or a schedule for an order that another attempt has paid',
    remedy: 'nothing: the order is paid once',
  },
  NARU_AMOUNT_MISMATCH: {
    text: 'The payment gateway charged {charged} instead of {asked}. The charge is refunded.',
    seenAt: 'an attempt charged with another amount than requested',
    remedy: 'report it to the payment gateway, then pay again',
  },
  NARU_ORDER_CHANGED: {
    text:
      'The merchant closed the payment session, or changed the amount of the order, before it was known that the payment gateway ' +
      'had charged: in its own window, or after it had declined. The charge is refunded.',
    seenAt: 'an attempt on a channel whose payment gateway charges in its own window, or one that had failed',
    remedy: 'nothing; the order can be paid again',
  },
  NARU_NOT_REFUNDED: {
    text: 'The payment gateway charged {charged} that must not stand ({cause}), and refuses to refund it. Naru asks again; settle it with the payment gateway. It says: {refusal}',
    seenAt: 'an attempt whose charge must not stand, and whose refund the payment gateway refuses; the text says why',
    remedy:
      'have the payment gateway allow the refund. Once it is made, the attempt shows the cause instead, and there is another `Transaction.Failed`',
  },
  NARU_ACCOUNT_CLOSED: {
    text: 'The virtual account was closed.',
    seenAt: 'an attempt whose virtual account was closed before the deposit',
    remedy: 'issue another account',
  },
  NARU_ACCOUNT_EXPIRED: {
    text: 'The virtual account expired before the deposit was made.',
    seenAt: 'an attempt whose virtual account was not paid in time',
    remedy: 'issue another account',
  },
  NARU_CONFIRM_PROCESS_FAILED: {
    text: '{message}',
    seenAt: 'an attempt that the server at `confirmUrl` declined or did not answer; the text says which',
    remedy: "check the merchant's server",
  },
  NARU_NOT_APPROVABLE: {
    text: '{message}',
    seenAt:
      'a payment window whose order changed while it was open, for instance by a pre-registration with another amount',
    remedy: 'open another payment window',
  },
  NARU_WINDOW_MISMATCH: {
    text: "What the shopper agreed to in the payment gateway's window is not this order's amount. Nothing was charged.",
    seenAt: "a return from a payment gateway's own window",
    remedy: 'open another payment window',
  },
  NARU_WINDOW_UNKNOWN: {
    text: 'The payment gateway did not say what came of its window. Nothing was charged.',
    seenAt: "a return from a payment gateway's own window",
    remedy: 'open another payment window',
  },
  NARU_WINDOW_UNAVAILABLE: {
    text: "The payment gateway's window cannot be reached at the moment. Nothing was charged. Try again, or pay in another way.",
    seenAt: 'a payment window that could not be opened, or whose payment gateway did not take what was entered',
    remedy: 'open another payment window, or offer another channel',
  },
  NARU_WINDOW_NOT_LOADED: {
    text: "The payment window did not load in the shopper's browser, and was closed. Nothing was charged.",
    seenAt: 'a window whose page did not come; `code` is `PORTONE_ERROR`',
    remedy: "check the shop's content security policy and the way to the server, then open another payment window",
  },
  NARU_WINDOW_REPLACED: {
    text: "The shop's page opened another window in place of this one. Nothing was charged in it.",
    seenAt: 'a window whose page asked for another one, as by a double click; `code` is `PORTONE_ERROR`',
    remedy: 'nothing: the other window says what came of it',
  },
  NARU_CODE_NOT_GIVEN: {
    text: 'The shopper did not give the one-time code.',
    seenAt: 'a payment window that was closed before the code was entered',
    remedy: 'open another payment window',
  },
  NARU_NOT_CAPTURED: {
    text: 'The payment gateway did not capture the payment.',
    seenAt: 'a capture that was refused when it was repeated',
    remedy: 'capture again',
  },
  NARU_NOT_CLOSED: {
    text: 'The virtual account was not closed: the payment is now {status}.',
    seenAt: 'an account that could not be closed, for instance because it was paid in the meantime',
    remedy: 'read the payment',
  },
  NARU_NOT_STOPPED: {
    text: 'The payment gateway did not stop the cancellation: it is now {status}.',
    seenAt: 'a cancellation that could no longer be stopped',
    remedy: 'read the payment',
  },
  NARU_NOT_DONE: {
    text: 'The answer to the first request was lost, and the payment gateway refused the repeated one.',
    seenAt: 'shipments, purchases confirmed under escrow, sales slips and deliveries',
    remedy: 'check with the payment gateway whether the first request was carried out',
  },
  NARU_PAYMENT_SCHEDULE_ALREADY_EXISTS: {
    text: 'The billing key was not deleted because payments are scheduled with it. Revoke the schedules first.',
    seenAt: 'the deletion of a billing key',
    remedy: 'revoke the schedules, then delete the key',
  },
  NARU_CONFIRMATION_UNDER_WAY: {
    text: 'An earlier confirmation is waiting for the payment gateway. Read the identity verification, or try again soon.',
    seenAt: 'two concurrent confirmations of one identity verification',
    remedy: 'read the identity verification',
  },
  NARU_ALREADY_VERIFIED: {
    text: 'Another attempt has completed this identity verification, which is of one person alone.',
    seenAt: 'a window whose identity verification was completed elsewhere',
    remedy: 'read the identity verification; use a new id for another person',
  },
  NARU_IDENTITY_GONE: {
    text: 'The number that the cash receipt is for is no longer known. Issue the receipt by hand.',
    seenAt: 'a cash receipt requested with a payment, after its encrypted number was deleted',
    remedy: 'issue the receipt by hand',
  },
  NARU_INVALID_REQUEST: ofSchedule('whose order is no longer valid'),
  NARU_CHANNEL_NOT_FOUND: ofSchedule('whose channel was deleted'),
  NARU_BILLING_KEY_NOT_FOUND: ofSchedule('whose billing key does not exist'),
  NARU_BILLING_KEY_ALREADY_DELETED: ofSchedule('whose billing key was deleted'),
  NARU_PROMOTION_PAY_METHOD_DOES_NOT_MATCH: ofSchedule('whose promotion is for another card company'),
  NARU_DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT: ofSchedule('whose discount would leave nothing to pay'),
} as const

export type NaruCode = keyof typeof codeTable

type Texts = { readonly [Code in NaruCode]: (typeof codeTable)[Code]['text'] }
type FactOf<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | FactOf<Rest> : never
type Facts<Code extends NaruCode> = { readonly [Name in FactOf<Texts[Code]>]: string | number }

/** A failure with one of our own codes; `facts` fill the placeholders of its text. */
export const naruFailure = <Code extends NaruCode>(
  pgCode: Code,
  ...facts: [FactOf<Texts[Code]>] extends [never] ? [] : [Facts<Code>]
): { readonly pgCode: Code; readonly pgMessage: string } => ({
  pgCode,
  pgMessage: codeTable[pgCode].text.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(Reflect.get(facts[0] ?? {}, name)),
  ),
})

/** Whether a code is one of ours, not a payment gateway's. */
export const isNaruCode = (pgCode: string): pgCode is NaruCode => Object.hasOwn(codeTable, pgCode)
