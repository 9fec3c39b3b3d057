import type { AuthenticateSandboxPaymentBody } from '@naru/contract'
import { keepForPayment, wantedReceipt } from '../cash-receipts/issue-awaited.ts'
import type { CashReceiptParts } from '../cash-receipts/module.ts'
import type { SandboxControl } from '../gateways/sandbox/control.ts'
import type { Caller, Handlers } from '../http/handler.ts'
import { day, fromIso, hour, type Instant, minute, type StoreClock, second, storeTime, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import type { Access } from '../merchants/access.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Store } from '../merchants/store.ts'
import { confirmProcess } from '../payments/confirm-process.ts'
import type { PaymentParts } from '../payments/module.ts'
import { type OpenedAttempt, openCheckout } from '../payments/open-checkout.ts'
import { representative } from '../payments/state/payment.ts'
import type { StoreClocks } from '../sandbox/clock.ts'
import { resetStore } from '../sandbox/reset.ts'
import type { WebhookParts } from '../webhooks/attempt.ts'

export type SandboxOperationParts = {
  readonly access: Access
  readonly clocks: StoreClocks
  readonly control: SandboxControl
  readonly payments: PaymentParts
  readonly webhooks: WebhookParts
  readonly cashReceipts: CashReceiptParts
  readonly createStore: (merchantId: string, input: { name?: string; webhookUrl?: string }) => Promise<CreatedStore>
}

type CreatedStore = {
  readonly storeId: string
  readonly apiSecret: string
  readonly channelKey: string
  readonly webhookSecret: string
}

/** Promotions, billing keys and identities have files of their own. */
type SandboxOperationId = Exclude<
  Extract<keyof Handlers, `${string}Sandbox${string}`>,
  | `${string}SandboxPromotion${string}`
  | `${string}SandboxBillingKey`
  | `${string}SandboxIdentityVerification`
  | `${string}SandboxReconciliation${string}`
  | `${string}SandboxScript${string}`
>

/** The sandbox's control API. Every operation refuses a live store: there is no time travel with real money. */
export const sandboxOperations = (parts: SandboxOperationParts): Pick<Handlers, SandboxOperationId> => ({
  ...storeOperations(parts),
  ...clockOperations(parts),
  ...gatewayOperations(parts),
})

/** The store that a request of the control API is about; a live one is refused. */
export const sandboxStore = async (
  { access }: Pick<SandboxOperationParts, 'access'>,
  principal: Principal,
  storeId: string | undefined,
) => {
  const store = await access.resolveStore(principal, storeId)
  if (store instanceof Refusal || store.mode === 'SANDBOX') return store
  return refuse('FORBIDDEN', `The store ${store.storeId} is live. The sandbox API is for sandbox stores only.`)
}

const storeOperations = (parts: SandboxOperationParts) =>
  ({
    createSandboxStore: async ({ body, principal }) => {
      const own = await sandboxStore(parts, principal, undefined)
      if (own instanceof Refusal) return own
      if (principal.scope === 'STORE')
        return refuse('FORBIDDEN', 'Creating a store needs an API secret of the whole merchant, not of one store.')
      const { name, webhookUrl } = body ?? {}
      const problem = webhookUrl === undefined ? undefined : webUrlProblem(webhookUrl)
      if (problem !== undefined) return refuse('INVALID_REQUEST', `webhookUrl must ${problem}.`)
      return parts.createStore(principal.merchantId, {
        ...(name === undefined ? {} : { name }),
        ...(webhookUrl === undefined ? {} : { webhookUrl }),
      })
    },

    resetSandboxStore: async ({ body, principal, caller }) => {
      const store = await sandboxStore(parts, principal, body?.storeId)
      if (store instanceof Refusal) return store
      await resetStore(parts.payments.sql, store, { requestKey: caller.requestKey, scope: principal.scope })
      return {}
    },
  }) satisfies Partial<Handlers>

const clockOperations = (parts: SandboxOperationParts) =>
  ({
    getSandboxClock: async ({ query, principal }) => {
      const store = await sandboxStore(parts, principal, query.storeId)
      return store instanceof Refusal ? store : clockView(await parts.clocks.read(store.storeId))
    },

    stopSandboxClock: async ({ body, principal }) => {
      const store = await sandboxStore(parts, principal, body?.storeId)
      return store instanceof Refusal ? store : clockView(await parts.clocks.stop(store.storeId))
    },

    startSandboxClock: async ({ body, principal }) => {
      const store = await sandboxStore(parts, principal, body?.storeId)
      return store instanceof Refusal ? store : clockView(await parts.clocks.start(store.storeId))
    },

    advanceSandboxClock: async ({ body, principal }) => {
      const target = targetOf(body)
      if (target instanceof Refusal) return target
      const store = await sandboxStore(parts, principal, body.storeId)
      if (store instanceof Refusal) return store
      const advanced = await parts.clocks.advance(store.storeId, target)
      if (!advanced)
        return refuse('INVALID_REQUEST', 'The clock cannot be moved back. Reset the store to return to real time.')
      return { now: toIso(advanced.now), ran: advanced.ran.map((ran) => ({ ...ran, at: toIso(ran.at) })) }
    },
  }) satisfies Partial<Handlers>

/**
 * RFC 3339 and PostgreSQL's dates end with the year 9999. What falls due after the clock's end must be an instant, too:
 * a doubt that is as old as the world is asked about in less than a century.
 */
const endOfTime = Date.UTC(8999, 11, 31, 23, 59, 59)

type Distance = { to?: string; days?: number; hours?: number; minutes?: number; seconds?: number }

const targetOf = (body: Distance): ((now: Instant) => Instant) | Refusal<'INVALID_REQUEST'> => {
  const { to, days, hours, minutes, seconds } = body
  const units = [days, hours, minutes, seconds]
  const hasDistance = units.some((unit) => unit !== undefined)
  if ((to === undefined) === !hasDistance)
    return refuse('INVALID_REQUEST', 'Give either to, or at least one of days, hours, minutes and seconds.')
  if (units.some((unit) => unit !== undefined && unit < 0))
    return refuse('INVALID_REQUEST', 'The clock cannot be moved back.')
  const distance = (days ?? 0) * day + (hours ?? 0) * hour + (minutes ?? 0) * minute + (seconds ?? 0) * second
  const instant = to === undefined ? undefined : fromIso(to)
  if (distance > endOfTime || (instant ?? 0) > endOfTime)
    return refuse('INVALID_REQUEST', 'The clock ends with the year 8999.')
  return (now) => Math.min(instant ?? now + distance, endOfTime)
}

const clockView = (clock: StoreClock) => ({ now: toIso(storeTime(clock)), isStopped: clock.stoppedAt !== null })

const gatewayOperations = (parts: SandboxOperationParts) =>
  ({
    depositSandboxPayment: async ({ path, body, principal }) => {
      const { amount, remitterName } = body ?? {}
      const found = await representativeOf(parts, principal, body?.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      const deposit = { amount, remitterName }
      return done(await whereItFits(found, (id) => parts.control.deposit(found.store.storeId, id, deposit, found.now)))
    },

    resolveSandboxPayment: async ({ path, body, principal }) => {
      const found = await representativeOf(parts, principal, body.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      return done(await whereItFits(found, (id) => parts.control.resolve(found.store.storeId, id, body.as, found.now)))
    },

    approveSandboxPayment: async ({ path, body, principal }) => {
      const found = await representativeOf(parts, principal, body?.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      return done(await parts.control.approveLate(found.store.storeId, found.transactionId, found.now))
    },

    expireSandboxPayment: async ({ path, body, principal }) => {
      const found = await representativeOf(parts, principal, body?.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      return done(await whereItFits(found, (id) => parts.control.expire(found.store.storeId, id, found.now)))
    },

    reverseSandboxPayment: async ({ path, body, principal }) => {
      const found = await representativeOf(parts, principal, body?.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      return done(await whereItFits(found, (id) => parts.control.reverse(found.store.storeId, id, found.now)))
    },

    disputeSandboxPayment: async ({ path, body, principal }) => {
      const found = await representativeOf(parts, principal, body.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      return done(await parts.control.dispute(found.store.storeId, found.transactionId, body.as, found.now))
    },

    progressSandboxEscrow: async ({ path, body, principal }) => {
      const { status, isAutomaticallyConfirmed } = body
      if (isAutomaticallyConfirmed !== undefined && status !== 'CONFIRMED')
        return refuse('INVALID_REQUEST', `isAutomaticallyConfirmed: ${status} is never automatic, only CONFIRMED is.`)
      const found = await representativeOf(parts, principal, body.storeId, path.paymentId)
      if (found instanceof Refusal) return found
      const escrow = { status, at: found.now, isAutomaticallyConfirmed: isAutomaticallyConfirmed === true }
      return done(await parts.control.progressEscrow(found.store.storeId, found.transactionId, escrow))
    },

    deliverSandboxNotification: async ({ path, body, principal }) => {
      const store = await sandboxStore(parts, principal, body?.storeId)
      if (store instanceof Refusal) return store
      const now = storeTime(await parts.clocks.read(store.storeId))
      const isDelivered = await parts.control.deliver(store.storeId, path.notificationId, now)
      return isDelivered ? {} : refusedByGateway(noNotification)
    },

    authenticateSandboxPayment: async ({ path, body, principal, caller }) => {
      const store = await sandboxStore(parts, principal, body.storeId)
      if (store instanceof Refusal) return store
      const { confirmUrl } = body
      const problem = confirmUrl === undefined ? undefined : webUrlProblem(confirmUrl)
      if (problem !== undefined) return refuse('INVALID_REQUEST', `confirmUrl must ${problem}.`)
      const opened = await authenticate(parts, store, path.paymentId, body, caller)
      if (opened instanceof Refusal || confirmUrl === undefined) return opened
      const key = { store, id: path.paymentId }
      const confirmed = await confirmProcess(parts, key, opened, confirmUrl, caller.testCode)
      return confirmed instanceof Refusal ? confirmed : opened
    },

    getSandboxLedger: async ({ query, principal }) => {
      const store = await sandboxStore(parts, principal, query.storeId)
      if (store instanceof Refusal) return store
      const { storeId } = store
      if (query.paymentId === undefined) return { items: (await parts.control.ledgerOf(storeId)).map(ledgerView) }
      const { state } = await parts.payments.process.load({ store, id: query.paymentId })
      const found = await Promise.all(
        state.attempts.map((attempt) => parts.control.ledgerOf(storeId, attempt.transactionId)),
      )
      return { items: found.flat().map(ledgerView) }
    },
  }) satisfies Partial<Handlers>

const representativeOf = async (
  parts: SandboxOperationParts,
  principal: Principal,
  storeId: string | undefined,
  paymentId: string,
) => {
  const store = await sandboxStore(parts, principal, storeId)
  if (store instanceof Refusal) return store
  const { state, clock } = await parts.payments.process.load({ store, id: paymentId })
  const attempt = representative(state)
  if (!attempt) return refuse('PAYMENT_NOT_FOUND', `There is no payment ${paymentId} in this store.`)
  const others = state.attempts.filter((other) => other !== attempt).map(({ transactionId }) => transactionId)
  return { store, transactionId: attempt.transactionId, others: others.reverse(), now: storeTime(clock) }
}

type Attempts = { readonly transactionId: string; readonly others: readonly string[] }

/**
 * Acts on the attempt that it fits: the one that stands for the payment, else the latest of the others. An order may have been
 * tried again while an earlier attempt's account is still open, and a bank takes money for that one too.
 */
const whereItFits = async (
  { transactionId, others }: Attempts,
  act: (transactionId: string) => Promise<ControlOutcome>,
): Promise<ControlOutcome> => {
  const first = await act(transactionId)
  if (first.kind === 'done') return first
  for (const other of others) {
    const outcome = await act(other)
    if (outcome.kind === 'done') return outcome
  }
  return first
}

const noNotification = {
  pgCode: 'SBX_NOT_FOUND',
  pgMessage: 'The sandbox PG has no such notification to deliver. GET /sandbox/ledger lists those it has.',
}

type ControlOutcome = Awaited<ReturnType<SandboxControl['deposit']>>

const done = (outcome: ControlOutcome): Record<string, never> | Refusal<'PG_PROVIDER'> =>
  outcome.kind === 'done' ? {} : refusedByGateway({ pgCode: `SBX_${outcome.reason}`, pgMessage: outcome.message })

const authenticate = (
  parts: SandboxOperationParts,
  store: Store,
  paymentId: string,
  body: AuthenticateSandboxPaymentBody,
  { ipAddress, userAgent, testCode }: Caller,
) => {
  const origin = { platformType: 'PC' as const, ipAddress, ...(userAgent === undefined ? {} : { userAgent }) }
  const { transfer, virtualAccount } = body.method
  const receipt =
    wantedReceipt(transfer?.cashReceipt, 'method.transfer.cashReceipt') ??
    wantedReceipt(virtualAccount?.cashReceipt, 'method.virtualAccount.cashReceipt')
  if (receipt instanceof Refusal) return receipt
  const opened = async (attempt: OpenedAttempt) => {
    if (receipt) await keepForPayment(parts.cashReceipts, { store, id: paymentId }, receipt, attempt)
  }
  return openCheckout(parts.payments, parts.control, { store, id: paymentId }, body, { origin, testCode, opened })
}

const ledgerView = (entry: Awaited<ReturnType<SandboxControl['ledgerOf']>>[number]) => ({
  reference: entry.reference,
  pgTxId: entry.pgTransactionId,
  state: entry.state,
  code: entry.code,
  amount: entry.amount,
  cancelledAmount: entry.cancelledAmount,
  currency: entry.currency,
  ...compact({ dispute: entry.dispute ?? undefined, escrow: entry.escrow ?? undefined }),
  createdAt: toIso(entry.createdAt),
  cancellations: entry.cancellations.map(({ reference, pgCancellationId, state, amount }) => ({
    reference,
    pgCancellationId,
    state,
    amount,
  })),
  notifications: entry.notifications.map(({ id, action, cancellationReference, dueAt }) => ({
    id,
    action,
    ...compact({
      cancellationReference: cancellationReference ?? undefined,
      dueAt: dueAt === null ? undefined : toIso(dueAt),
    }),
  })),
})
