import type { AuthenticateSandboxPaymentBody } from '@naru/contract'
import { keepForPayment, wantedReceipt } from '../cash-receipts/issue-awaited.ts'
import { once } from '../db/lease.ts'
import type { SandboxControl } from '../gateways/sandbox/control.ts'
import type { Caller, Handlers } from '../http/handler.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { invalid, Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import type { Store } from '../merchants/store.ts'
import { confirmProcess } from '../payments/confirm-process.ts'
import { newCheckoutNames, type OpenedAttempt, openCheckout } from '../payments/open-checkout.ts'
import { paymentNotFound } from '../payments/rules/not-found.ts'
import { representative } from '../payments/state/payment.ts'
import { refuseNoticeTargets, refuseTargets } from '../webhooks/targets.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'sql' | 'access' | 'payments' | 'cashReceipts' | 'webhooks' | 'control'>

type SandboxPaymentOperationId = Extract<keyof Handlers, `${string}SandboxPayment`> | 'progressSandboxEscrow'

/** What a buyer, a bank or the PG does to a payment. */
export const sandboxPaymentOperations = (parts: Parts): Pick<Handlers, SandboxPaymentOperationId> => {
  const { access, control } = parts
  return {
    depositSandboxPayment: forSandboxStore(access, async ({ path, body, store }) => {
      const { amount, remitterName } = body ?? {}
      if (amount !== undefined && amount <= 0) return invalid('amount must be greater than 0.')
      return await onAttempts(parts, store, path.paymentId, (id, now) =>
        control.deposit(store.storeId, id, { amount, remitterName }, now),
      )
    }),

    resolveSandboxPayment: forSandboxStore(access, ({ path, body, store }) =>
      onAttempts(parts, store, path.paymentId, (id, now) => control.resolve(store.storeId, id, body.as, now)),
    ),

    approveSandboxPayment: forSandboxStore(access, ({ path, store }) =>
      onRepresentative(parts, store, path.paymentId, (id, now) => control.approveLate(store.storeId, id, now)),
    ),

    expireSandboxPayment: forSandboxStore(access, ({ path, store }) =>
      onAttempts(parts, store, path.paymentId, (id, now) => control.expire(store.storeId, id, now)),
    ),

    reverseSandboxPayment: forSandboxStore(access, ({ path, store }) =>
      onAttempts(parts, store, path.paymentId, (id, now) => control.reverse(store.storeId, id, now)),
    ),

    disputeSandboxPayment: forSandboxStore(access, ({ path, body, store }) =>
      onRepresentative(parts, store, path.paymentId, (id, now) => control.dispute(store.storeId, id, body.as, now)),
    ),

    progressSandboxEscrow: forSandboxStore(access, async ({ path, body, store }) => {
      const { status, isAutomaticallyConfirmed } = body
      if (isAutomaticallyConfirmed !== undefined && status !== 'CONFIRMED')
        return refuse('INVALID_REQUEST', `isAutomaticallyConfirmed: ${status} is never automatic, only CONFIRMED is.`)
      return onRepresentative(parts, store, path.paymentId, (id, now) => {
        const escrow = { status, at: now, isAutomaticallyConfirmed: isAutomaticallyConfirmed === true }
        return control.progressEscrow(store.storeId, id, escrow)
      })
    }),

    authenticateSandboxPayment: forSandboxStore(parts.access, async ({ path, body, caller, store }) => {
      const { confirmUrl } = body
      const problem = confirmUrl === undefined ? undefined : webUrlProblem(confirmUrl)
      if (problem !== undefined) return refuse('INVALID_REQUEST', `confirmUrl must ${problem}.`)
      const broken =
        refuseNoticeTargets(parts.webhooks, store, body.noticeUrls) ??
        refuseTargets(parts.webhooks, store, { confirmUrl })
      if (broken) return broken
      const opened = await authenticate(parts, store, path.paymentId, body, caller)
      if (opened instanceof Refusal || confirmUrl === undefined) return opened
      const key = { store, id: path.paymentId }
      const confirmed = await confirmProcess(parts, key, opened, confirmUrl, caller.testCode)
      return confirmed instanceof Refusal ? confirmed : opened
    }),
  }
}

type ControlOutcome = Awaited<ReturnType<SandboxControl['deposit']>>

type Act = (transactionId: string, now: Instant) => Promise<ControlOutcome>

/** Acts on the attempt that stands for the payment. */
const onRepresentative = async ({ payments }: Parts, store: Store, paymentId: string, act: Act) => {
  const { state, clock } = await payments.process.load({ store, id: paymentId })
  const attempt = representative(state)
  return attempt ? answer(await act(attempt.transactionId, storeTime(clock))) : paymentNotFound(paymentId)
}

/**
 * Acts on the attempt that it fits: the one that stands for the payment, else the latest of the others. An order may have
 * been tried again while an earlier attempt's account is still open, and a bank takes money for that one too.
 */
const onAttempts = async ({ payments }: Parts, store: Store, paymentId: string, act: Act) => {
  const { state, clock } = await payments.process.load({ store, id: paymentId })
  const attempt = representative(state)
  if (!attempt) return paymentNotFound(paymentId)
  const first = await act(attempt.transactionId, storeTime(clock))
  if (first.kind === 'done') return answer(first)
  for (const other of state.attempts.filter((one) => one !== attempt).reverse()) {
    const outcome = await act(other.transactionId, storeTime(clock))
    if (outcome.kind === 'done') return answer(outcome)
  }
  return answer(first)
}

const answer = (outcome: ControlOutcome): Record<string, never> | Refusal<'PG_PROVIDER'> =>
  outcome.kind === 'done' ? {} : refusedByGateway({ pgCode: `SBX_${outcome.reason}`, pgMessage: outcome.message })

const authenticate = async (
  parts: Parts,
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
  const names = await once(parts.sql, 'checkout named', async () => newCheckoutNames())
  const circumstances = { origin, testCode, names, opened }
  return openCheckout(parts.payments, parts.control, { store, id: paymentId }, body, circumstances)
}
