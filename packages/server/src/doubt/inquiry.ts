import { day, type Instant, minute, second } from '../kernel/clock.ts'

/**
 * Waiting for the PG's word: since when, how often we asked, and when to ask next. It is also what makes a crash
 * harmless: an intent is committed with its first inquiry already planned.
 */
export type Inquiry = {
  readonly since: Instant
  readonly count: number
  readonly nextAt: Instant
  /** The PG was certainly called and gave no usable answer (rather than: we do not know whether we got that far). */
  readonly inDoubt: boolean
  /** The call was made a second time, after the PG proved to know nothing of the first. */
  readonly isRepeat?: true | undefined
}

/**
 * An intent is committed together with its first inquiry. Most PGs answer within seconds; one that has not after 15 is
 * slow or we crashed, and asking does no harm.
 */
const firstLook = 15 * second

/** After the answer got lost: at once, then with growing patience, until somebody resolves it. */
const delays = [0, 2 * second, 5 * second, 15 * second, minute]

/** An accepted payment or refund is announced by notification; asking is only the safety net for a lost one. */
const safetyNet = 10 * minute

export const intent = (now: Instant): Inquiry => ({ since: now, count: 0, nextAt: now + firstLook, inDoubt: false })

/**
 * The call gave no usable answer: ask now. One that was in doubt already has been asked about, so that a call repeated
 * without ever an answer waits longer and longer, and nothing that was announced once is announced again. An inquiry that is
 * planned stays where it is: put off, a call that got lost while a clock moved would be asked about minutes later.
 */
export const doubt = (inquiry: Inquiry | undefined, now: Instant): Inquiry => {
  if (!inquiry?.inDoubt) return { ...inquiry, since: inquiry?.since ?? now, count: 0, nextAt: now, inDoubt: true }
  // Counted as asked where nobody has yet, but no more than that: whoever is asked next would be asked minutes too late.
  return inquiry.nextAt > now ? { ...inquiry, count: Math.max(1, inquiry.count) } : askAgain(inquiry, now)
}

/** The PG accepted and will tell later. */
export const awaitNotification = (now: Instant): Inquiry => ({
  since: now,
  count: 0,
  nextAt: now + safetyNet,
  inDoubt: false,
})

/** Something may happen at the PG that nobody waits for: looked at from time to time. */
export const watch = (now: Instant): Inquiry => ({ since: now, count: 0, nextAt: now + waitAtAge(0), inDoubt: false })

/** Looked, and nothing had happened. */
export const watchOn = (inquiry: Inquiry, now: Instant): Inquiry => ({
  ...inquiry,
  count: inquiry.count + 1,
  nextAt: now + waitAtAge(now - inquiry.since),
})

/** Asked, and still not known. */
export const askAgain = (inquiry: Inquiry, now: Instant): Inquiry => ({
  ...inquiry,
  count: inquiry.count + 1,
  inDoubt: true,
  nextAt: now + patience(inquiry, now),
})

/** Short waits are for what has just begun: not for a payment whose notification has not come in ten minutes. */
const patience = ({ count, since }: Inquiry, now: Instant): number => {
  const age = now - since
  return age < safetyNet ? (delays[count + 1] ?? waitAtAge(age)) : waitAtAge(age)
}

/**
 * How long to wait before asking again about what has not been known for `age`: a twelfth of it, so that the answer is
 * learned little later than it could be; 5 minutes at least, so that the PG is left in peace; a day at most, since somebody
 * waits for the money, but after a hundred days a hundredth of the age. Asking every day for ever would cost a row in the
 * journal each time, and hold up whoever moves a sandbox's clock by centuries.
 */
export const waitAtAge = (age: number): number => Math.floor(Math.max(5 * minute, Math.min(age / 12, day), age / 100))

/**
 * Whether a result that comes now comes too late for the caller to have been told: we asked before and it was not
 * known, or nobody wrote the call's answer down until its first look was due, as after a crash. An answer that got
 * lost while its caller waits is asked for at once: found then, it is still the answer.
 */
export const isLate = (inquiry: Inquiry | undefined, now: Instant): boolean =>
  inquiry !== undefined && (inquiry.count > 0 || (!inquiry.inDoubt && now >= inquiry.nextAt))

/** How often "no such transaction" is not believed: whoever asks a PG for the first time, however late, may be too early for it. */
const disbelieved = 2

/**
 * "No such transaction" proves that nothing happened only once the PG can no longer be executing the call: before that,
 * the request may still be on its way. And only when it was asked before: a server that came back after minutes, and believed the
 * first answer of a bank that finds a transfer a little later, had the transfer made twice.
 */
export const provesNotExecuted = (inquiry: Inquiry, mayActWithin: number, now: Instant): boolean =>
  inquiry.count >= disbelieved && now - inquiry.since >= mayActWithin
