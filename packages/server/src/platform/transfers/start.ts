import type { Sql } from '../../db/connect.ts'
import type { Day } from '../../kernel/days.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { type BankCalendar, bankCalendar } from '../contracts/calendar/bank-calendar.ts'
import { findOwnDays } from '../contracts/calendar/own-days.ts'
import { armDays } from '../days.ts'
import { findEffective } from '../entities/store.ts'
import { ofPlatform, type Platform, type PlatformRequest } from '../platform.ts'
import { loadSetting, type Setting } from '../settings/store.ts'
import { settleCancel } from './arithmetic/cancel.ts'
import { checkCancel } from './arithmetic/check-cancel.ts'
import { takeAway, wholeOf } from './arithmetic/remainder.ts'
import { settleOrder } from './arithmetic/settle.ts'
import { readCancelRequest } from './codec.ts'
import { dateByCycle, policyVersions, storable, versionsOf } from './compute.ts'
import { nextLook, type Ready, type Scheduled, splitByPayment } from './held.ts'
import { policyIdsOf } from './policy-ids.ts'
import { currencyMismatch, type Resolved } from './resolve.ts'
import { ofRow, transferColumns } from './rows.ts'
import { type Recomputed, writeStarted } from './start-write.ts'
import { orderOf, termsOf } from './terms.ts'
import type { CancelTransfer, OrderTransfer } from './transfer.ts'

/** How many orders one round of statements starts: seconds of work at most, so that a run can be stopped between two. */
const chunkSize = 500

/** How many orders may be stuck before the whole day is. */
const mostStuck = 1_000

/**
 * Starts every scheduled transfer of the platform's store whose settlement start date has come. An order is computed anew
 * by the versions that apply on that date, together with its cancellations that are scheduled; from then on nothing of it
 * changes. Safe to run twice at once and to be cut off at any point. Returns how many orders wait for their payments.
 *
 * An order that cannot be computed holds up itself alone: it is reported and stays scheduled, for the next day to try again.
 */
export const startDue = async (
  sql: Sql,
  { platform }: PlatformRequest,
  today: Day,
  reportStuck: (transferId: string, error: unknown) => void,
): Promise<number> => {
  const stuck = new Set<string>()
  let [place, held, latest]: [Place, number, Day | undefined] = [beginning, 0, undefined]
  for (;;) {
    const scheduled = await findDueOrders(sql, platform, today, place)
    const last = scheduled.at(-1)?.order
    if (!last) break
    const { covered, waiting } = await splitByPayment(sql, platform, scheduled)
    const ready = covered.filter(({ order }) => !stuck.has(order.transferId))
    const groups = await recompute(sql, platform, ready, today, (transferId, error) => {
      reportStuck(transferId, error)
      stuck.add(transferId)
      // So many are no accident of single orders.
      if (stuck.size > mostStuck) throw error
    })
    // Where somebody has changed one meanwhile, all that are still scheduled are read again.
    if (!(await writeStarted(sql, platform, groups, today))) continue
    place = { start: last.settlementStartDate, transferId: last.transferId }
    held += waiting.length
    latest = waiting.at(-1)?.order.settlementStartDate ?? latest
  }
  if (latest !== undefined) await lookAgain(sql, platform, nextLook(today, latest), today)
  await startCancels(sql, platform, today)
  return held
}

/** Orders may be paid at any time: payments know nothing of transfers, so that these are looked at day by day. */
const lookAgain = async (sql: Sql, platform: Platform, day: Day, today: Day): Promise<void> => {
  await sql`with ${armDays(sql, platform, { days: [day], today }, sql`true`)} select`
}

/** Where a scheduled order is in the index of those that start. */
type Place = { readonly start: Day; readonly transferId: string }

const beginning: Place = { start: '', transferId: '' }

const findDueOrders = async (sql: Sql, platform: Platform, today: Day, after: Place): Promise<readonly Scheduled[]> => {
  const orders = await sql<OrderTransfer[]>`
    select ${transferColumns(sql)} from platform_transfers t
    where ${ofPlatform(sql, platform)} and t.store_id = ${platform.store.storeId}
      and t.scheduled_start <= ${today} and t.deleted_at is null and t.type = 'ORDER'
      and (t.scheduled_start, t.transfer_id) > (${after.start}, ${after.transferId})
    order by t.scheduled_start, t.transfer_id limit ${chunkSize}`
  if (orders.length === 0) return []
  const cancels = await sql<CancelTransfer[]>`
    select ${transferColumns(sql)} from platform_transfers t
    where ${ofPlatform(sql, platform)} and t.deleted_at is null
      and t.original_transfer_id = any(${orders.map(({ transferId }) => transferId)}::text[])
    order by t.created_at, t.transfer_id`
  const cancelsOf = Map.groupBy(cancels, ({ originalTransferId }) => originalTransferId)
  return orders.map((order) => ({ order, cancels: cancelsOf.get(order.transferId) ?? [] }))
}

/** What holds for all orders of a run. */
type Basis = { readonly setting: Setting; readonly calendar: BankCalendar; readonly today: Day }

const recompute = async (
  sql: Sql,
  platform: Platform,
  scheduled: readonly Ready[],
  today: Day,
  reportStuck: (transferId: string, error: unknown) => void,
): Promise<readonly Recomputed[]> => {
  const [setting, ownDays] = await Promise.all([loadSetting(sql, platform), findOwnDays(sql, platform.merchantId)])
  const basis = { setting, calendar: bankCalendar(ownDays), today }
  const byStart = Map.groupBy(scheduled, ({ order }) => order.settlementStartDate)
  const groups: Recomputed[] = []
  for (const [start, same] of byStart) {
    const resolve = await resolverOf(sql, platform, same, start)
    for (const ready of same)
      try {
        groups.push(recomputeOrder(ready, resolve(ready.order), basis))
      } catch (error) {
        reportStuck(ready.order.transferId, error)
      }
  }
  return groups
}

/** Finds the versions of all orders that start on one day together. */
const resolverOf = async (sql: Sql, platform: Platform, scheduled: readonly Scheduled[], start: Day) => {
  const policies = scheduled.map(({ order }) => policyIdsOf(order.detail.order))
  const distinct = (ids: readonly string[]) => [...new Set(ids)]
  const orders = scheduled.map(({ order }) => order)
  const partnerIds = distinct(orders.map(({ partnerId }) => partnerId))
  const partners = await findEffective(sql, platform, 'PARTNER', partnerIds, start)
  /** An order that names no contract follows its partner to another one, as it would if it were registered now. */
  const contractOf = ({ partnerId, contractId, detail }: OrderTransfer): string =>
    detail.hasPartnersContract ? known(partners, partnerId).content.defaultContractId : contractId
  const contractIds = distinct(orders.flatMap((order) => [order.contractId, contractOf(order)]))
  const [contracts, additionalFees, discountShares] = await Promise.all([
    findEffective(sql, platform, 'CONTRACT', contractIds, start),
    findEffective(
      sql,
      platform,
      'ADDITIONAL_FEE_POLICY',
      distinct(policies.flatMap((ids) => ids.additionalFees)),
      start,
    ),
    findEffective(
      sql,
      platform,
      'DISCOUNT_SHARE_POLICY',
      distinct(policies.flatMap((ids) => ids.discountShares)),
      start,
    ),
  ])
  const resolveBy = ({ partnerId, detail }: OrderTransfer, contractId: string): Resolved => {
    const { additionalFees: fees, discountShares: shares } = policyIdsOf(detail.order)
    return {
      partner: known(partners, partnerId),
      contract: known(contracts, contractId),
      additionalFees: new Map(fees.map((id) => [id, known(additionalFees, id)])),
      discountShares: new Map(shares.map((id) => [id, known(discountShares, id)])),
    }
  }
  return (order: OrderTransfer): Resolved => {
    const resolved = resolveBy(order, contractOf(order))
    // A fee in won cannot be taken of another currency: nobody registers such an order, and this one keeps its contract.
    return currencyMismatch(resolved, order.currency) ? resolveBy(order, order.contractId) : resolved
  }
}

const known = <Found>(found: ReadonlyMap<string, Found>, id: string): Found => {
  const value = found.get(id)
  if (value === undefined) throw new Error(`${id} has no version`)
  return value
}

/**
 * An order and its cancellations by the terms that apply now. Where an amount became impossible, it stays as it was. An order that
 * has waited for its payment is dated from the day on which it was paid, and nothing that takes it back is settled before it.
 */
const recomputeOrder = (
  { order, cancels, paidOn }: Ready,
  resolved: Resolved,
  { setting, calendar, today }: Basis,
): Recomputed => {
  const { parameters: defined } = setting.content
  const { parameters: kept } = order.detail
  const parameters = Object.fromEntries(defined.map(({ key, defaultValue }) => [key, kept[key] ?? defaultValue]))
  const terms = termsOf(resolved.contract.content, setting.content, parameters)
  const input = orderOf(order.detail.order, resolved)
  const settlement = settleOrder(input, terms)
  const shared = { ...versionsOf(resolved), settingVersion: setting.version }
  const byCycle = (start: Day) => dateByCycle(resolved.contract, start, calendar, setting.content)
  const date = order.isSettlementDateGiven ? order.settlementDate : byCycle(later(order.settlementStartDate, paidOn))
  const dateOf = (cancel: CancelTransfer) =>
    cancel.isSettlementDateGiven ? cancel.settlementDate : later(byCycle(cancel.settlementStartDate), date)
  const detail = { ...order.detail, ...policyVersions(resolved), parameters }
  const started = storable(settlement)
  if (started instanceof Refusal) return { order, transfers: [unchanged(order, 'IN_PROCESS')] }
  const { computed, ...amounts } = started
  const transfers: Recomputed['transfers'][number][] = [
    {
      ...order,
      ...shared,
      ...amounts,
      detail: { ...detail, computed },
      settlementDate: date,
      status: 'IN_PROCESS',
    },
  ]
  let remainder = wholeOf(settlement)
  for (const cancel of cancels) {
    const quantities = checkCancel(input, remainder, readCancelRequest(cancel.detail.request))
    // What is cancelled does not depend on terms: it was possible, and still is.
    if ('problem' in quantities) throw new Error(`${cancel.transferId}: ${quantities.problem.type}`)
    const part = settleCancel({ order: input, terms, settlement }, remainder, quantities)
    remainder = takeAway(remainder, part)
    const stored = storable(part)
    if (stored instanceof Refusal) throw new Error(`${cancel.transferId} is more than its order`)
    const { computed: parts, ...cancelled } = stored
    transfers.push({
      ...cancel,
      ...shared,
      ...cancelled,
      detail: { ...cancel.detail, ...policyVersions(resolved), parameters, computed: parts },
      settlementDate: dateOf(cancel),
      status: cancel.settlementStartDate <= today ? 'IN_PROCESS' : 'SCHEDULED',
    })
  }
  return { order, transfers }
}

const later = (one: Day, other: Day | undefined): Day => (other !== undefined && other > one ? other : one)

const unchanged = (order: OrderTransfer, status: 'IN_PROCESS'): OrderTransfer => ({ ...order, status })

/** Cancellations whose order has started long ago: their amounts are known. */
const startCancels = async (sql: Sql, platform: Platform, today: Day): Promise<void> => {
  await sql`
    update platform_transfers t set status = 'IN_PROCESS', version = t.version + 1
    where ${ofRow(sql, platform, 't')} and t.store_id = ${platform.store.storeId}
      and t.scheduled_start <= ${today} and t.deleted_at is null and t.type = 'ORDER_CANCEL'
      and (
        select original.status <> 'SCHEDULED' from platform_transfers original
        where original.merchant_id = t.merchant_id and original.is_for_test = t.is_for_test
          and original.transfer_id = t.original_transfer_id
      )`
}
