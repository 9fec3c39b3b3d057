import type { PaymentEscrow } from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { FulfilmentStep, GatewayEscrow } from '../../gateways/port/fulfilment.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { compact } from '../../kernel/compact.ts'
import type { Attempt } from './payment.ts'

/** What the PG was told of a payment after it was paid: shipments, confirmed purchases, store receipts, deliveries. */
export type Fulfilment = {
  /** Told, and not yet answered. One at a time, so that they reach the PG in order. */
  readonly pending?: PendingStep | undefined
  readonly shipment?: ShippedFacts | undefined
  /** When we confirmed the purchase. */
  readonly confirmedAt?: Instant | undefined
  /** What became of the goods by the PG's word. */
  readonly progress?: GatewayEscrow | undefined
  /** The latest of each kind, so that a retry of its request gets the same answer. */
  readonly done: readonly DoneStep[]
}

export type PendingStep = {
  /** The PG's idempotency key: the step can be repeated until there is an answer. */
  readonly reference: string
  readonly step: FulfilmentStep
  /** Digest of the Idempotency-Key that asked for it. */
  readonly requestKey?: string | undefined
  readonly inquiry: Inquiry
}

type DoneStep = {
  readonly kind: FulfilmentStep['kind']
  readonly reference: string
  readonly requestKey?: string | undefined
  readonly at: Instant
  readonly receiptUrl?: string | undefined
}

type ShippedFacts = {
  readonly company: string
  readonly invoiceNumber: string
  readonly sentAt: string
  readonly appliedAt: Instant
}

export type FulfilmentEvent =
  | { readonly type: 'FulfilmentRequested'; readonly transactionId: string; readonly pending: PendingStep }
  | {
      readonly type: 'FulfilmentDone'
      readonly transactionId: string
      readonly reference: string
      readonly at: Instant
      readonly receiptUrl?: string | undefined
    }
  | { readonly type: 'FulfilmentRefused'; readonly transactionId: string; readonly reference: string }
  | { readonly type: 'EscrowProgressed'; readonly transactionId: string; readonly progress: GatewayEscrow }

export const evolveFulfilment = (attempt: Attempt, event: FulfilmentEvent): Attempt => {
  if (event.type === 'EscrowProgressed')
    return { ...attempt, fulfilment: { done: [], ...attempt.fulfilment, progress: event.progress } }
  const { pending, ...fulfilment } = attempt.fulfilment ?? { done: [] }
  switch (event.type) {
    case 'FulfilmentRequested':
      return { ...attempt, fulfilment: { ...fulfilment, pending: event.pending } }
    case 'FulfilmentRefused':
      return { ...attempt, fulfilment }
    case 'FulfilmentDone':
      return pending ? { ...attempt, fulfilment: completed(fulfilment, pending, event) } : attempt
  }
}

const completed = (
  fulfilment: Omit<Fulfilment, 'pending'>,
  { step, requestKey, reference }: PendingStep,
  { at, receiptUrl }: { readonly at: Instant; readonly receiptUrl?: string | undefined },
): Fulfilment => {
  const { kind } = step
  const others = fulfilment.done.filter((earlier) => earlier.kind !== kind)
  const done = [...others, { kind, reference, at, ...compact({ requestKey, receiptUrl }) }]
  switch (kind) {
    case 'REGISTER_SHIPMENT':
    case 'MODIFY_SHIPMENT': {
      const { company, invoiceNumber, sentAt } = step.shipment.logistics
      const appliedAt = fulfilment.shipment?.appliedAt ?? at
      return { ...fulfilment, done, shipment: { company, invoiceNumber, sentAt, appliedAt } }
    }
    case 'CONFIRM_ESCROW':
      return { ...fulfilment, done, confirmedAt: at }
    case 'STORE_RECEIPT':
    case 'DELIVERY':
      return { ...fulfilment, done }
  }
}

export const withFulfilmentInquiry = (attempt: Attempt, inquiry: Inquiry): Attempt => {
  const { fulfilment } = attempt
  if (!fulfilment?.pending) return attempt
  return { ...attempt, fulfilment: { ...fulfilment, pending: { ...fulfilment.pending, inquiry } } }
}

/**
 * How far the escrow of an attempt has come. One that is cancelled before anything was shipped stays
 * `BEFORE_REGISTERED` (our choice): `CANCELLED` tells of a shipment.
 */
export const escrowView = ({ request, phase, fulfilment }: Attempt): PaymentEscrow | undefined => {
  if (!request.isEscrow) return undefined
  const { shipment, confirmedAt, progress } = fulfilment ?? {}
  if (!shipment) return { status: 'BEFORE_REGISTERED' }
  const shipped = { ...shipment, appliedAt: toIso(shipment.appliedAt) }
  if (phase === 'CANCELLED') return { status: 'CANCELLED', ...shipped }
  if (progress?.status === 'CONFIRMED' || confirmedAt !== undefined) {
    const isAutomaticallyConfirmed = confirmedAt === undefined && progress?.isAutomaticallyConfirmed === true
    return { status: 'CONFIRMED', ...shipped, isAutomaticallyConfirmed }
  }
  return { status: progress?.status ?? 'REGISTERED', ...shipped }
}
