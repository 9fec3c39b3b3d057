import { randomUUID } from 'node:crypto'
import type { AuthenticateSandboxBillingKeyBody, SandboxBillingKeyMethodInput } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import type { AuthenticationOutcome, MethodToStore, PaymentWindow } from '../gateways/port/window.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { compact } from '../kernel/compact.ts'
import { digestOf } from '../kernel/digest.ts'
import { randomToken } from '../kernel/ids.ts'
import { invalid, Refusal, refusedByGateway } from '../kernel/refusal.ts'
import { findChannel, type Store, selectedChannel } from '../merchants/store.ts'
import {
  customerOf,
  paymentRequest,
  refuseCredential,
  refuseNoticeUrls,
  refusePaymentId,
} from '../payments/requests/input.ts'
import { refuseTransfer, transferMethod } from '../payments/requests/transfer.ts'
import { type Decided, isDecided } from '../payments/window.ts'
import type { ReadyIssue } from './billing-key.ts'
import { issueToken } from './confirm.ts'
import type { BillingKeyParts } from './parts.ts'
import { authenticated } from './rules/confirm.ts'

type WindowRefusal = Refusal<
  'INVALID_REQUEST' | 'CHANNEL_NOT_FOUND' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT' | 'PG_PROVIDER'
>

/**
 * Completes the window in which a buyer stores a payment method, with or without a first payment, and returns what the
 * browser would hand to the merchant. Nothing is stored or charged until the merchant confirms it.
 */
export const openBillingKeyWindow = async (
  parts: BillingKeyParts,
  window: StoringWindow,
  store: Store,
  body: AuthenticateSandboxBillingKeyBody,
  { names, testCode }: { readonly names: BillingKeyNames; readonly testCode: string | undefined },
): Promise<{ billingKey: string; billingIssueToken: string } | WindowRefusal> => {
  const { method, customer, channelKey, noticeUrls } = body
  const shown = methodInWindow(method)
  if (shown instanceof Refusal) return shown
  const broken = refuseNoticeUrls(noticeUrls)
  if (broken) return broken
  const channel = findChannel(store, channelKey)
  if (channel instanceof Refusal) return channel
  const payment = firstPaymentOf(body)
  if (payment instanceof Refusal) return payment
  const { billingKey, secret } = names
  const request = {
    customer: customerOf(customer ?? {}),
    customData: body.customData,
    noticeUrls: noticeUrls?.length ? noticeUrls : undefined,
  }
  const agreement = { request, channel: selectedChannel(channel), payment, secret }
  // An earlier try of the request has opened it.
  const known = await parts.process.load({ store, id: billingKey })
  if (known.state.ready ?? known.state.request) return { billingKey, billingIssueToken: issueToken(billingKey, secret) }
  const context = { storeId: store.storeId, reference: billingKey }
  const asked = askWindow(window, context, shown, { customer: request.customer, testCode })
  const agreed = await agreeToStore(parts, { store, id: billingKey }, agreement, asked)
  if (agreed instanceof Refusal) return agreed
  if (agreed.kind === 'challenged') return refusedByGateway(codeNotGiven)
  return { billingKey, billingIssueToken: agreed.billingIssueToken }
}

/** The same ones for all tries of a request. The secret makes the token unguessable. */
export type BillingKeyNames = { readonly billingKey: string; readonly secret: string }

export const newBillingKeyNames = (): BillingKeyNames => ({ billingKey: newBillingKey(), secret: randomToken() })

export const newBillingKey = (): string => `billing-key-${randomUUID()}`

export type StoringWindow = Pick<PaymentWindow, 'authorizeBillingKey'>

type Agreement = Pick<ReadyIssue, 'request' | 'channel' | 'payment'> & {
  /** Makes the token unguessable. */
  readonly secret: string
}

const codeNotGiven = naruFailure('NARU_CODE_NOT_GIVEN')

/** What a buyer shows in the window that we show for the PG. */
export const askWindow =
  (window: StoringWindow, context: StoringContext, shown: MethodToStore, { customer, testCode, otp }: Shown) =>
  (now: Instant): Promise<AuthenticationOutcome> =>
    window.authorizeBillingKey(context, { ...shown, customerId: customer.id, testCode, otp, now })

type StoringContext = Parameters<StoringWindow['authorizeBillingKey']>[0]

type Shown = {
  readonly customer: ReadyIssue['request']['customer']
  readonly testCode: string | undefined
  readonly otp?: string | undefined
}

/**
 * The buyer agrees in the PG's window, once per key: `asked` says what came of it. Returns the token to confirm with, or what
 * the window said where nothing is decided yet.
 */
export const agreeToStore = async <Undecided extends { readonly kind: 'challenged' | 'waiting' }>(
  parts: BillingKeyParts,
  key: AggregateKey,
  { secret, ...agreed }: Agreement,
  asked: (now: Instant) => Promise<Decided | Undecided>,
): Promise<{ readonly kind: 'agreed'; readonly billingIssueToken: string } | Undecided | Refusal<'PG_PROVIDER'>> => {
  const loaded = await parts.process.load(key)
  const outcome = await asked(storeTime(loaded.clock))
  if (!isDecided(outcome)) return outcome
  if (outcome.kind === 'failed') return refusedByGateway(outcome.failure)
  const billingIssueToken = issueToken(key.id, secret)
  const authentication = { tokenDigest: digestOf(billingIssueToken), authorization: outcome.authorization }
  await parts.process.apply(key, (state) => authenticated(state, { ...agreed, authentication }), loaded)
  return { kind: 'agreed', billingIssueToken }
}

const methodInWindow = (input: SandboxBillingKeyMethodInput): MethodToStore | Refusal<'INVALID_REQUEST'> => {
  const { card, transfer, easyPay } = input
  if ([card, transfer, easyPay].filter((each) => each !== undefined).length !== 1)
    return invalid('method takes exactly one of card, transfer and easyPay.')
  if (card) return refuseCredential(card.credential) ?? { credential: card.credential }
  if (easyPay) {
    const method = { type: 'BillingKeyPaymentMethodEasyPayCharge' as const }
    return { method: { type: 'BillingKeyPaymentMethodEasyPay', provider: easyPay.provider, method } }
  }
  if (!transfer) throw new Error('the window stores one method')
  const broken = refuseTransfer(transfer)
  if (broken) return broken
  return { method: { ...transferMethod(transfer), type: 'BillingKeyPaymentMethodTransfer' } }
}

const firstPaymentOf = ({
  payment,
  customer,
  noticeUrls,
  customData,
}: AuthenticateSandboxBillingKeyBody):
  | ReadyIssue['payment']
  | Refusal<'INVALID_REQUEST' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT'> => {
  if (!payment) return undefined
  const { paymentId, orderName, amount, currency } = payment
  const broken = refusePaymentId(paymentId)
  if (broken) return broken
  const request = paymentRequest({ orderName, amount, currency, ...compact({ customer, noticeUrls, customData }) })
  return request instanceof Refusal ? request : { paymentId, request }
}
