import type { Instant } from '../../kernel/clock.ts'
import type { Attempt, Payment, Schedule } from './payment.ts'

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
