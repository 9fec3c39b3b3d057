import type { PaymentEscrow } from '@naru/contract'
import type { Inquiry } from '../../doubt/inquiry.ts'
import type { GatewayEscrow } from '../../gateways/port/fulfilment.ts'
import { type Instant, toIso } from '../../kernel/clock.ts'
import { compact } from '../../kernel/compact.ts'
import type { Attempt, Fulfilment, PendingStep } from './payment.ts'

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
