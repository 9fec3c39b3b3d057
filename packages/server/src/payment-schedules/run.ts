import type { AggregateKey } from '../aggregates/aggregate.ts'
import { findCharge } from '../billing-keys/charge.ts'
import { chargeCommand, wantedPromotion } from '../billing-keys/pay.ts'
import { failureOf } from '../doubt/failure.ts'
import { type Instant, storeTime } from '../kernel/clock.ts'
import { naruFailure } from '../kernel/codes.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import { grantDiscount, returnDiscount, settleDiscounts } from '../payments/grant-discount.ts'
import type { Changed } from '../payments/parts.ts'
import { charge } from '../payments/pay.ts'
import { beginSchedule, dueSchedule, failSchedule } from '../payments/rules/schedule.ts'
import type { Attempt, Payment, Schedule } from '../payments/state/payment.ts'
import { releaseDueRow } from '../workers/due-rows.ts'
import type { ScheduleParts } from './parts.ts'
import { scheduleRows } from './rows.ts'

/**
 * Charges a schedule that is due. One commit, on the version that was read, makes it STARTED with the attempt's intent, so
 * exactly one of any number of workers charges. After a crash the PG is asked about the attempt; it is charged again only
 * if it provably was not charged. False where it was started or revoked meanwhile.
 */
export const runDueSchedule = async (parts: ScheduleParts, key: AggregateKey): Promise<boolean> => {
  const { payments } = parts
  const loaded = await payments.process.load(key)
  const schedule = dueSchedule(loaded.state, storeTime(loaded.clock))
  // Somebody else was faster; a row that is not due any more must not stay leased.
  if (!schedule) {
    await releaseDueRow(payments.sql, scheduleRows, { storeId: key.store.storeId, id: key.id })
    return false
  }
  const transactionId = timeOrderedId()
  const prepared = await prepare(parts, key, schedule, transactionId, storeTime(loaded.clock))
  if (prepared instanceof Refusal) {
    const start = { ...plainStart(schedule), transactionId }
    const failure = failureOf(naruFailure(`NARU_${prepared.body.type}`, { message: prepared.body.message ?? '' }))
    const fail = (payment: Payment, now: Instant) => failSchedule(payment, schedule.id, start, failure, now)
    return (await payments.process.apply(key, fail, loaded)).events.length > 0
  }
  const { command, promotion } = prepared
  const start = { ...command.start, transactionId, promotion }
  const begun = await payments.process.apply(
    key,
    (payment, now) => beginSchedule(payment, schedule.id, start, now),
    loaded,
  )
  switch (begun.events.length) {
    case 0:
      await returnDiscount(payments, key, transactionId, promotion)
      return false
    case 1:
      await charge(payments, key, begun, command, transactionId)
      return true
    default:
      // The order was paid in another way: its attempt failed at once and holds no discount any more.
      await settleDiscounts(payments, key, begun)
      return true
  }
}

/**
 * The channel and the discount are chosen when the schedule is due, not when it is made. What would refuse an immediate
 * payment, such as a card that the promotion excludes, fails the schedule without asking the PG (our choice): nobody is
 * there to pay in another way, and charging the full price would take more from the buyer than promised. A promotion that
 * has ended or is exhausted gives no discount, as with every payment.
 */
const prepare = async (
  { payments, billingKeys }: ScheduleParts,
  key: AggregateKey,
  schedule: Schedule,
  transactionId: string,
  now: Instant,
) => {
  const found = await findCharge(billingKeys, key.store, schedule.billingKey, schedule.channelKey)
  if (found instanceof Refusal) return found
  const order = { transactionId, channel: found.channel, request: schedule.request }
  const promotion = await grantDiscount(payments, key, wantedPromotion(schedule.promotionId, found), order, now)
  return promotion instanceof Refusal ? promotion : { command: chargeCommand(schedule, found, { origin }), promotion }
}

/** Repeats a charge that certainly was not made, through the same channel and under the same reference. */
export const repeatCharge = async (
  { payments, billingKeys }: ScheduleParts,
  key: AggregateKey,
  begun: Changed,
  { transactionId, scheduleId, channel }: Attempt,
): Promise<void> => {
  const schedule = begun.state.schedules?.find(({ id }) => id === scheduleId)
  if (!schedule) throw new Error(`payment ${key.id} lost its schedule ${scheduleId}`)
  const found = await findCharge(billingKeys, key.store, schedule.billingKey, channel.key)
  // The key was deleted meanwhile: the next inquiry finds that nothing was charged, and the attempt fails.
  if (found instanceof Refusal) return
  await charge(payments, key, begun, chargeCommand(schedule, found, { origin }), transactionId)
}

/** The server itself pays, so there is no browser. */
const origin = { platformType: 'API', ipAddress: '127.0.0.1' } as const

const plainStart = ({ request, billingKey, issuedOn }: Schedule) => ({ request, origin, billingKey, channel: issuedOn })
