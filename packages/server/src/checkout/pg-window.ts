import type { BrowserPayment, WindowOpening } from '@naru/contract'
import type {
  MethodInWindow,
  PgWindow,
  WindowCharge,
  WindowContext,
  WindowOrder,
  WindowVerdict,
} from '../gateways/port/window.ts'
import { naruFailure } from '../kernel/codes.ts'
import { refusedByGateway } from '../kernel/refusal.ts'
import type { Attempt } from '../payments/state/payment.ts'
import type { Charged, Decided } from '../payments/window.ts'
import { agree } from './agree.ts'
import { agreeAndIssue } from './agree-to-store.ts'
import type { CheckoutAttempt } from './attempt.ts'
import type { Found } from './find.ts'
import { leaveAttempt } from './leave.ts'
import { endingOf } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { chargeIn, paymentOrder, termsOf } from './pg-window-order.ts'
import { type Unopened, unopenedBy } from './problem.ts'
import { keepWindow } from './store.ts'
import { settleIdentity } from './submit-identity.ts'

/** Where the PG brings its own window it is told of the order now: one that refuses it opens no window at all. */
export const prepareWindow = async (
  parts: CheckoutParts,
  found: Found,
  order: WindowOrder,
): Promise<Unopened | undefined> => {
  const window = parts.pgWindowOf(found.channel)
  if (!window) return undefined
  const prepared = await window.prepare(contextOf(found), order)
  if (prepared.kind === 'prepared') {
    await keepWindow(parts.sql, found.attempt, prepared)
    return undefined
  }
  await leaveAttempt(parts, found, prepared.failure)
  return unopenedBy(refusedByGateway(prepared.failure), found.attempt.request)
}

/**
 * The browser is back from the PG's window. What it brings is asked about, and the PG's answer held against the attempt:
 * another order, another amount or another currency is nobody's agreement to this one. Whatever comes twice, too late, or
 * without the PG knowing of it changes nothing.
 *
 * Where the PG gives no answer the attempt fails: it is charged, or issued, by our own call alone, and there will be none. Where
 * the PG charges in its window, only its books tell, whoever comes back and however late.
 */
export const returnFromWindow = async (
  parts: CheckoutParts,
  found: Found,
  fields: Readonly<Record<string, string>>,
): Promise<void> => {
  const { attempt } = found
  const { pgWindow } = attempt
  const window = windowLeft(parts, found)
  if (!window || !pgWindow) return
  const charges = window.charges !== undefined && attempt.kind === 'PAYMENT'
  if (!charges && (await endingOf(parts, found))) return
  const context = contextOf(found)
  const verify = async () => about(attempt, await window.verify(context, { memo: pgWindow.memo, fields }))
  switch (attempt.kind) {
    case 'PAYMENT': {
      const { confirmUrl, currency } = attempt.request
      await agree(parts, found, confirmUrl, {
        ask: async ({ amount }) => {
          const verdict = await verify()
          return charges ? charging(verdict) : agreement(verdict, { amount, currency })
        },
      })
      return
    }
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      await agreeAndIssue(parts, found, attempt, async () => agreement(await verify(), chargeIn(attempt)))
      return
    case 'IDENTITY_VERIFICATION': {
      const verdict = identification(await verify())
      if (verdict.kind === 'waiting') return
      await settleIdentity(parts, found, verdict)
      // A verified attempt stays verified: this is for an operator that did not say who it was.
      await leaveAttempt(parts, found, naruFailure('NARU_WINDOW_UNKNOWN'))
    }
  }
}

/** The window that a browser comes back from. */
const windowLeft = (parts: CheckoutParts, { attempt, channel }: Found): PgWindow | undefined =>
  parts.pgWindowOf(channel) ?? (attempt.kind === 'PAYMENT' ? parts.windowOf(channel).bankApp : undefined)

/** The shopper goes on in the app of the bank, where there is one; the browser comes back from it as from a PG's window. */
export const goOnInApp = async (
  parts: CheckoutParts,
  found: Found,
  { asked, payment, method, token }: InApp,
): Promise<WindowOpening | undefined> => {
  const { attempt, channel } = found
  const { bankApp } = parts.windowOf(channel)
  const { device, serverUrl } = attempt.surroundings
  if (!bankApp || method.kind !== 'TRANSFER' || device !== 'MOBILE' || serverUrl === undefined) return undefined
  const order = { ...paymentOrder(asked, payment, termsOf(asked, attempt.surroundings, token)), method }
  const prepared = await bankApp.prepare(contextOf(found), order)
  if (prepared.kind !== 'prepared') return undefined
  await keepWindow(parts.sql, attempt, prepared)
  return prepared.opening
}

type InApp = {
  readonly asked: BrowserPayment
  readonly payment: Attempt
  readonly method: MethodInWindow
  readonly token: string
}

const contextOf = ({ attempt, channel, clock }: Found): WindowContext => {
  const { storeId, transactionId } = attempt
  return { storeId, channel, reference: transactionId, clock }
}

type Waiting = Extract<WindowVerdict, { kind: 'waiting' }>

const waiting: Waiting = { kind: 'waiting' }

/** Somebody else's window, whose id was put into this address, says nothing of this attempt. */
const about = ({ transactionId }: CheckoutAttempt, verdict: WindowVerdict): WindowVerdict =>
  'reference' in verdict && verdict.reference !== transactionId ? waiting : verdict

const failedWith = (code: Parameters<typeof naruFailure>[0]) =>
  ({ kind: 'failed', failure: naruFailure(code) }) as const

/** What the PG's word comes to where the shopper was to agree to this charge, or to none. */
const agreement = (verdict: WindowVerdict, expected: WindowCharge | undefined): Decided | Waiting => {
  switch (verdict.kind) {
    case 'waiting':
    case 'identified':
    // What is stored is issued by our call, and nothing charged before.
    case 'charged':
      return waiting
    case 'unknown':
      return failedWith('NARU_WINDOW_UNKNOWN')
    case 'failed':
      return { kind: 'failed', failure: verdict.failure }
    case 'authenticated': {
      const { charge, authorization } = verdict
      const isSame = charge?.amount === expected?.amount && charge?.currency === expected?.currency
      return isSame ? { kind: 'authenticated', authorization } : failedWith('NARU_WINDOW_MISMATCH')
    }
  }
}

/** What the PG's word comes to where it charges in its window. How much is not taken from here, but asked for. */
const charging = (verdict: WindowVerdict): Decided | Charged | Waiting => {
  switch (verdict.kind) {
    case 'waiting':
    case 'identified':
    case 'authenticated':
      return waiting
    case 'charged':
    case 'unknown':
      return { kind: 'charged' }
    case 'failed':
      return { kind: 'failed', failure: verdict.failure }
  }
}

const identification = (verdict: WindowVerdict) => {
  switch (verdict.kind) {
    case 'waiting':
    case 'authenticated':
    case 'charged':
      return waiting
    case 'unknown':
      return failedWith('NARU_WINDOW_UNKNOWN')
    case 'failed':
    case 'identified':
      return verdict
  }
}
