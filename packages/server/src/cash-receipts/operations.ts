import { pagedItems } from '../db/page.ts'
import type { Handlers, Principal } from '../http/handler.ts'
import { day, fromIso, type Instant, type StoreClock, storeTime, toIso } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import { invalid } from '../payments/input.ts'
import { cancelCashReceipt } from './cancel.ts'
import { issueCommand } from './input.ts'
import { issueCashReceipt } from './issue.ts'
import { findCashReceipts } from './list.ts'
import type { CashReceiptParts } from './process.ts'
import { notFound } from './rules.ts'
import { cashReceiptView } from './view.ts'

export type CashReceiptOperationParts = {
  readonly cashReceipts: CashReceiptParts
  readonly access: Access
  readonly clockOf: (storeId: string) => Promise<StoreClock>
}

type CashReceiptOperationId =
  | 'issueCashReceipt'
  | 'cancelCashReceiptByPaymentId'
  | 'getCashReceiptByPaymentId'
  | 'getCashReceipts'

/** The cash receipts' part of the API. */
export const cashReceiptOperations = (parts: CashReceiptOperationParts): Pick<Handlers, CashReceiptOperationId> => {
  const { cashReceipts, access } = parts
  return {
    issueCashReceipt: async ({ body, principal, caller }) => {
      const store = await access.resolveStore(principal, body.storeId)
      if (store instanceof Refusal) return store
      const command = issueCommand(store, body, caller)
      if (command instanceof Refusal) return command
      const issued = await issueCashReceipt(cashReceipts, { store, id: body.paymentId }, command)
      if (issued instanceof Refusal) return issued
      const { issueNumber, url, pgReceiptId } = issued
      return { cashReceipt: { issueNumber, url, pgReceiptId } }
    },

    cancelCashReceiptByPaymentId: async ({ path, query, principal, caller }) => {
      const store = await access.resolveStore(principal, query.storeId)
      if (store instanceof Refusal) return store
      const cancelled = await cancelCashReceipt(cashReceipts, { store, id: path.paymentId }, caller)
      if (cancelled instanceof Refusal) return cancelled
      return { cancelledAmount: cancelled.cancelledAmount, cancelledAt: toIso(cancelled.cancelledAt) }
    },

    getCashReceiptByPaymentId: async ({ path, query, principal }) => {
      const store = await access.resolveStore(principal, query.storeId)
      if (store instanceof Refusal) return store
      const { state } = await cashReceipts.process.load({ store, id: path.paymentId })
      return cashReceiptView(state) ?? notFound(path.paymentId)
    },

    getCashReceipts: async ({ body, principal }) => {
      const { filter = {}, sort = {}, page = {} } = body ?? {}
      const stores = await access.reachableStores(principal, filter.storeId)
      if (stores instanceof Refusal) return stores
      const completed = completePage(page)
      if (completed instanceof Refusal) return completed
      const window = await completeWindow(parts, principal, filter)
      if (window instanceof Refusal) return window
      const storeIds = stores.map(({ storeId }) => storeId)
      const found = await findCashReceipts(cashReceipts.sql, { storeIds, filter, sort, ...window, page: completed })
      const items = found.items.flatMap((state) => cashReceiptView(state) ?? [])
      return { items, page: { ...completed, totalCount: found.totalCount } }
    },
  }
}

const largestPage = 1_000

const completePage = ({ number = 0, size = 10 }: { number?: number; size?: number }) => {
  if (number < 0) return invalid('page.number must not be negative.')
  if (size < 1 || size > largestPage) return invalid(`page.size must be 1 to ${largestPage}.`)
  return (number + 1) * size > pagedItems
    ? invalid(`(page.number + 1) × page.size must not be more than ${pagedItems}. Narrow from and until instead.`)
    : { number, size }
}

/** Both ends count. Without ends: the 90 days before now, by the clock of the credential's store. */
const completeWindow = async (
  parts: CashReceiptOperationParts,
  principal: Principal,
  filter: { readonly from?: string; readonly until?: string },
): Promise<{ from: Instant; until: Instant } | Refusal<'INVALID_REQUEST'>> => {
  const read = (text: string | undefined) => (text === undefined ? undefined : fromIso(text))
  const until = read(filter.until) ?? storeTime(await parts.clockOf(principal.storeId))
  const from = read(filter.from) ?? until - 90 * day
  return from > until ? invalid('filter.from must not be later than filter.until.') : { from, until }
}
