import type { Body, PaymentWebhook } from '@naru/contract'
import { backwardRange } from '../cash-receipts/list.ts'
import { receiptsOfPayments } from '../cash-receipts/store.ts'
import { withCashReceipt } from '../cash-receipts/view.ts'
import { pagedItems } from '../db/page.ts'
import type { Handlers, Principal } from '../http/handler.ts'
import { day, fromIso, type Instant, storeTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { webhooksOfPayments } from '../webhooks/store.ts'
import { paymentWebhook } from '../webhooks/view.ts'
import { type CursorQuery, moneyMovedAfter, paymentsAfter, readCursor, writeCursor } from './cursor.ts'
import { invalid } from './input.ts'
import { findPayments } from './list.ts'
import type { PaymentOperationParts } from './operations.ts'
import { type Payment, representative } from './payment.ts'
import { eventView, paymentView } from './view.ts'

/** The lists of payments and of their events. */
export const listOperations = (parts: PaymentOperationParts) =>
  ({
    getPayments: async ({ body, principal }) => {
      const { filter = {}, page = {} } = body ?? {}
      const stores = await parts.access.reachableStores(principal, filter.storeId)
      if (stores instanceof Refusal) return stores
      if (filter.merchantId !== undefined && filter.merchantId !== principal.merchantId)
        return invalid('filter.merchantId must be the merchant of the credential.')
      const completed = completePage(page)
      if (completed instanceof Refusal) return completed
      const backward = backwardRange(filter)
      if (backward) return invalid(`filter.${backward}.from must not be later than its until.`)
      const window = await completeWindow(parts, principal, filter)
      if (window instanceof Refusal) return window
      const storeIds = stores.map(({ storeId }) => storeId)
      const found = await findPayments(parts.payments.sql, { storeIds, filter, ...window, page: completed })
      const items = await viewsOf(parts, found.items)
      return { items, page: { ...completed, totalCount: found.totalCount } }
    },

    getAllPaymentsByCursor: async ({ body, principal }) => {
      const store = await parts.access.resolveStore(principal, body?.storeId)
      if (store instanceof Refusal) return store
      const query = await cursorQuery(parts, principal, [store.storeId], body ?? {})
      if (query instanceof Refusal) return query
      const found = await paymentsAfter(parts.payments.sql, query)
      const payments = await viewsOf(
        parts,
        found.map(({ payment }) => payment),
      )
      return { items: found.flatMap(({ position }, index) => withCursor('payment', payments[index], position)) }
    },

    getAllPaymentEventsByCursor: async ({ body, principal }) => {
      const stores = await parts.access.reachableStores(principal, body?.storeId)
      if (stores instanceof Refusal) return stores
      const storeIds = stores.map(({ storeId }) => storeId)
      const query = await cursorQuery(parts, principal, storeIds, body ?? {})
      if (query instanceof Refusal) return query
      const found = await moneyMovedAfter(parts.payments.sql, query)
      const webhooks = await webhooksByPayment(
        parts,
        found.map(({ moved }) => moved.payment),
      )
      const items = found.map(({ moved, position }) => ({
        paymentEvent: eventView(moved, webhooks(moved.payment)),
        cursor: writeCursor(position),
      }))
      return { items }
    },
  }) satisfies Partial<Handlers>

const withCursor = <Name extends string, Item>(
  name: Name,
  item: Item | undefined,
  position: Parameters<typeof writeCursor>[0],
) =>
  item === undefined ? [] : [{ [name]: item, cursor: writeCursor(position) } as Record<Name, Item> & { cursor: string }]

/** The webhooks of many payments with one statement a store. */
const webhooksByPayment = async (parts: PaymentOperationParts, payments: readonly Payment[]) => {
  const byStore = Map.groupBy(payments, ({ storeId }) => storeId)
  const found = new Map<string, PaymentWebhook[]>()
  for (const [storeId, ofStore] of byStore) {
    const ids = ofStore.map(({ paymentId }) => paymentId)
    for (const record of await webhooksOfPayments(parts.payments.sql, storeId, ids)) {
      const key = `${storeId}/${record.paymentId}`
      found.set(key, [...(found.get(key) ?? []), paymentWebhook(record)])
    }
  }
  return ({ storeId, paymentId }: Payment): readonly PaymentWebhook[] => found.get(`${storeId}/${paymentId}`) ?? []
}

/** The cash receipts of many payments, with one statement a store. */
const receiptsByPayment = async (parts: PaymentOperationParts, payments: readonly Payment[]) => {
  const byStore = [...Map.groupBy(payments, ({ storeId }) => storeId)]
  const found = await Promise.all(
    byStore.map(([storeId, ofStore]) => {
      const ids = ofStore.map(({ paymentId }) => paymentId)
      return receiptsOfPayments(parts.payments.sql, storeId, ids)
    }),
  )
  const byPayment = new Map(found.flat().map((receipts) => [`${receipts.storeId}/${receipts.paymentId}`, receipts]))
  return ({ storeId, paymentId }: Payment) => byPayment.get(`${storeId}/${paymentId}`)
}

const viewsOf = async (parts: PaymentOperationParts, payments: readonly Payment[]) => {
  const [webhooks, receipts] = await Promise.all([
    webhooksByPayment(parts, payments),
    receiptsByPayment(parts, payments),
  ])
  return payments.flatMap((payment) => {
    const attempt = representative(payment)
    return attempt ? [withCashReceipt(paymentView(payment, attempt, webhooks(payment)), receipts(payment))] : []
  })
}

const largestPage = 1_000

/** The page of a list that is paged by number. */
const completePage = ({ number = 0, size = 10 }: { number?: number; size?: number }) => {
  if (number < 0) return invalid('page.number must not be negative.')
  if (size < 1 || size > largestPage) return invalid(`page.size must be 1 to ${largestPage}.`)
  return (number + 1) * size > pagedItems
    ? invalid(
        `(page.number + 1) × page.size must not be more than ${pagedItems}. Narrow from and until, or walk payments with GET /payments-by-cursor.`,
      )
    : { number, size }
}

type ListInput = {
  readonly filter?: WindowInput & { readonly storeId?: string }
  readonly page?: { readonly number?: number; readonly size?: number }
}

/** Which stores, instants and items a list is about, completed; or what of them cannot be. */
export const completeList = async (
  parts: Pick<PaymentOperationParts, 'access' | 'clockOf'>,
  principal: Principal,
  { filter = {}, page = {} }: ListInput,
) => {
  const stores = await parts.access.reachableStores(principal, filter.storeId)
  if (stores instanceof Refusal) return stores
  const completed = completePage(page)
  if (completed instanceof Refusal) return completed
  const window = await completeWindow(parts, principal, filter)
  if (window instanceof Refusal) return window
  return { storeIds: stores.map(({ storeId }) => storeId), ...window, page: completed }
}

type WindowInput = { readonly from?: string; readonly until?: string }

/** Both ends count. Without ends: the 90 days before now, by the clock of the credential's store. */
const completeWindow = async (
  parts: Pick<PaymentOperationParts, 'clockOf'>,
  principal: Principal,
  input: WindowInput,
): Promise<{ from: Instant; until: Instant } | Refusal<'INVALID_REQUEST'>> => {
  const until = read(input.until) ?? storeTime(await parts.clockOf(principal.storeId))
  const from = read(input.from) ?? until - 90 * day
  return from > until ? invalid('from must not be later than until.') : { from, until }
}

const read = (text: string | undefined): Instant | undefined => (text === undefined ? undefined : fromIso(text))

type CursorInput = WindowInput & Pick<NonNullable<Body<'getAllPaymentsByCursor'>>, 'cursor' | 'size'>

const cursorQuery = async (
  parts: PaymentOperationParts,
  principal: Principal,
  storeIds: readonly string[],
  input: CursorInput,
): Promise<CursorQuery | Refusal<'INVALID_REQUEST'>> => {
  const { size = 10, cursor } = input
  if (size < 1 || size > largestPage) return invalid(`size must be 1 to ${largestPage}.`)
  const after = cursor === undefined ? undefined : readCursor(cursor)
  if (cursor !== undefined && !after) return invalid('cursor must be one that an earlier answer gave.')
  const window = await completeWindow(parts, principal, input)
  return window instanceof Refusal ? window : { storeIds, ...window, after, size }
}
