import type { Sql } from '../../db/connect.ts'
import { day, type Instant } from '../../kernel/clock.ts'
import { addDays, beginOf, type Day, dayOf } from '../../kernel/days.ts'
import { paymentMoney } from '../../payments/store.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { CancelTransfer, OrderTransfer } from './transfer.ts'

/** An order that has not started, and its cancellations. */
export type Scheduled = { readonly order: OrderTransfer; readonly cancels: readonly CancelTransfer[] }

/** One that starts, and on which day it was paid, where that is known. */
export type Ready = Scheduled & { readonly paidOn?: Day | undefined }

/**
 * Orders whose start date has come: those whose payment covers them, and those that wait. These stay scheduled, and nobody is paid
 * for them. Our choice, PortOne goes by the date alone: a payment that is declined after its order was registered would be paid
 * out. How a payment that was made elsewhere went, nobody here knows.
 */
export const splitByPayment = async (sql: Sql, platform: Platform, scheduled: readonly Scheduled[]) => {
  const made = scheduled.filter(({ order }) => order.paymentType === 'PORT_ONE')
  const known = new Map<Scheduled, Money | undefined>()
  for (const [storeId, ofStore] of Map.groupBy(made, ({ order }) => order.paymentStoreId)) {
    const ids = [...new Set(ofStore.map(({ order }) => order.paymentId))]
    const [payments, registered] = await Promise.all([
      findMoney(sql, storeId, ids),
      findRegisteredOf(sql, platform, storeId, ids),
    ])
    for (const group of ofStore) {
      const money = payments.get(group.order.paymentId)
      const isReady = money && isCovered(group, money, registered.get(group.order.paymentId) ?? 0)
      known.set(group, isReady ? money : undefined)
    }
  }
  const waiting: Scheduled[] = []
  const covered: Ready[] = []
  for (const group of scheduled) {
    const money = known.get(group)
    if (money === undefined && known.has(group)) waiting.push(group)
    else covered.push({ ...group, paidOn: money?.paidOn ?? undefined })
  }
  return { waiting, covered }
}

type Money = {
  readonly isPaid: boolean
  readonly isGivenBack: boolean
  readonly total: number
  /** Whatever was given back since. */
  readonly paidOn: Day | null
}

/**
 * Whether the payment was made, over as much as all of its orders were registered for: it may have been tried again over less.
 * Of one that was given back in full, only what its cancellations take back entirely starts, together with them.
 */
const isCovered = (
  { order, cancels }: Scheduled,
  { isPaid, isGivenBack, total }: Money,
  registered: number,
): boolean => {
  if (!isPaid || registered > total) return false
  return !isGivenBack || cancels.reduce((sum, { amounts }) => sum + amounts.order, 0) === order.amounts.order
}

const findMoney = async (sql: Sql, storeId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Money>> => {
  const rows = await sql<(Omit<Money, 'paidOn'> & { id: string; paidAt: Instant | null })[]>`
    select payment_id as id, is_paid as "isPaid", status = 'CANCELLED' as "isGivenBack", total_amount as total,
      paid_at as "paidAt"
    from (${paymentMoney(sql, storeId)}) money where payment_id = any(${[...ids]}::text[])`
  return new Map(
    rows.map(({ id, paidAt, ...money }) => [id, { ...money, paidOn: paidAt === null ? null : dayOf(paidAt) }]),
  )
}

/** For how much the orders of each payment are registered. */
const findRegisteredOf = async (
  sql: Sql,
  platform: Platform,
  storeId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await sql<{ id: string; amount: number }[]>`
    select payment_id as id, payment_amount as amount from platform_payments
    where ${ofPlatform(sql, platform)} and payment_store_id = ${storeId} and payment_type = 'PORT_ONE'
      and payment_id = any(${[...ids]}::text[])`
  return new Map(rows.map(({ id, amount }) => [id, amount]))
}

/**
 * When held orders are looked at again, of which the latest was to start on `start`: the next day, and later the longer they
 * have waited. What was never paid for a year need not be looked at every day of the next one.
 */
export const nextLook = (today: Day, start: Day): Day =>
  addDays(today, Math.max(1, Math.floor((beginOf(today) - beginOf(start)) / (30 * day))))
