import type { SelectedChannel } from '@naru/contract'
import type { Instant } from '../../kernel/clock.ts'
import type { Attempt, Payment, PaymentRequest } from './payment.ts'

/**
 * A payment with a billing key that waits for its time. It lives inside its payment, because it competes with every
 * other attempt at it: that an order is paid, and that it is to be paid later, are decided on one version of one thing,
 * so that starting a schedule and beginning its attempt are one commit. A stream of its own lost: two commits at the
 * start and two at the end, and a crash between them to be healed.
 */
export type Schedule = {
  readonly id: string
  readonly billingKey: string
  /** The channel that was asked for; otherwise it is chosen when the time comes. */
  readonly channelKey?: string | undefined
  /** A channel of the key as it was when scheduled: shown by an attempt that failed before any was chosen. */
  readonly issuedOn: SelectedChannel
  readonly request: PaymentRequest
  readonly terms: ChargeTerms
  readonly promotionId?: string | undefined
  /** A cash receipt is kept for when it is paid. */
  readonly awaitsReceipt?: true | undefined
  readonly timeToPay: Instant
  readonly createdAt: Instant
  /** Digest of the Idempotency-Key that created it. */
  readonly requestKey?: string | undefined
  readonly startedAt?: Instant | undefined
  /** The attempt that it started. */
  readonly transactionId?: string | undefined
  readonly revokedAt?: Instant | undefined
  readonly revokeRequestKey?: string | undefined
}

/** What the PG is told about the way to charge. */
export type ChargeTerms = {
  readonly installmentMonth?: number | undefined
  readonly useFreeInterestFromMerchant?: boolean | undefined
  readonly useCardPoint?: boolean | undefined
}

export type ScheduleEvent =
  | { readonly type: 'ScheduleCreated'; readonly schedule: Omit<Schedule, 'createdAt'> }
  | { readonly type: 'ScheduleRevoked'; readonly scheduleId: string; readonly requestKey?: string | undefined }

/** Folds what happens to schedules by themselves; being started is part of the attempt's beginning. */
export const evolveSchedules = (payment: Payment, event: ScheduleEvent, at: Instant): Payment => {
  switch (event.type) {
    case 'ScheduleCreated':
      return { ...payment, schedules: [...schedulesOf(payment), { ...event.schedule, createdAt: at }] }
    case 'ScheduleRevoked':
      return withSchedule(payment, event.scheduleId, { revokedAt: at, revokeRequestKey: event.requestKey })
  }
}

/** The schedule's time has come: this attempt is its execution. */
export const startSchedule = (payment: Payment, scheduleId: string, transactionId: string, at: Instant): Payment =>
  withSchedule(payment, scheduleId, { startedAt: at, transactionId })

const withSchedule = (payment: Payment, scheduleId: string, change: Partial<Schedule>): Payment => ({
  ...payment,
  schedules: schedulesOf(payment).map((schedule) =>
    schedule.id === scheduleId ? { ...schedule, ...change } : schedule,
  ),
})

export const schedulesOf = (payment: Payment): readonly Schedule[] => payment.schedules ?? []

export type ScheduleStatus = 'SCHEDULED' | 'STARTED' | 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'REVOKED'

/** A schedule that was started stands where its attempt stands; nothing is kept twice that could differ. */
export const scheduleStatus = (payment: Payment, schedule: Schedule): ScheduleStatus => {
  if (schedule.revokedAt !== undefined) return 'REVOKED'
  const attempt = executionOf(payment, schedule)
  return attempt ? statusByPhase[attempt.phase] : 'SCHEDULED'
}

const statusByPhase: Readonly<Record<Attempt['phase'], ScheduleStatus>> = {
  READY: 'STARTED',
  APPROVING: 'STARTED',
  REVERSING: 'STARTED',
  PAY_PENDING: 'PENDING',
  VIRTUAL_ACCOUNT_ISSUED: 'PENDING',
  PAID: 'SUCCEEDED',
  PARTIAL_CANCELLED: 'SUCCEEDED',
  CANCELLED: 'SUCCEEDED',
  FAILED: 'FAILED',
}

const executionOf = (payment: Payment, { transactionId }: Schedule): Attempt | undefined =>
  payment.attempts.find((attempt) => attempt.transactionId === transactionId)

/** When the schedule got the status it has, by the store's clock. */
export const completedAt = (payment: Payment, schedule: Schedule): Instant | undefined => {
  const attempt = executionOf(payment, schedule)
  switch (scheduleStatus(payment, schedule)) {
    case 'SUCCEEDED':
      return attempt?.paidAt
    case 'FAILED':
      return attempt?.failedAt
    case 'PENDING':
      return attempt?.statusChangedAt
    case 'SCHEDULED':
    case 'STARTED':
    case 'REVOKED':
      return undefined
  }
}

/** The schedule that holds the payment: while one waits or runs, nothing else may pay or schedule the order. */
export const unexecutedSchedule = (payment: Payment): Schedule | undefined =>
  schedulesOf(payment).find((schedule) => isUnexecuted(scheduleStatus(payment, schedule)))

const isUnexecuted = (status: ScheduleStatus): boolean =>
  status === 'SCHEDULED' || status === 'STARTED' || status === 'PENDING'
