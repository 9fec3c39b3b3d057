import { firstInstant } from '@naru/contract'
import { type Page, pagedItems } from '../db/page.ts'
import { day, fromIso, type Instant, type StoreClock, storeTime } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import type { Principal } from '../merchants/principal.ts'

/** The lists that are paged by number. */
export type ListName = 'payments' | 'payment schedules' | 'billing keys' | 'cash receipts' | 'identity verifications'

/** Items per page. PortOne documents this limit for lists by cursor, and none for lists by page number. */
export const largestPage = 1_000

type Parts = Clocks & { readonly access: Access }

type Clocks = { readonly clocksOf: (storeIds: readonly string[]) => Promise<readonly StoreClock[]> }

type WindowInput = { readonly from?: string; readonly until?: string }

type ListInput = {
  readonly filter?: WindowInput & { readonly storeId?: string }
  readonly page?: Partial<Page>
}

/** Fills in which stores, instants and items a list covers, or refuses the first invalid one. */
export const completeList = async (
  parts: Parts,
  principal: Principal,
  list: ListName,
  { filter = {}, page = {} }: ListInput,
) => {
  const stores = await parts.access.reachableStores(principal, filter.storeId)
  if (stores instanceof Refusal) return stores
  const completed = completePage(list, page)
  if (completed instanceof Refusal) return completed
  const storeIds = stores.map(({ storeId }) => storeId)
  const window = await completeWindow(parts, storeIds, filter)
  if (window instanceof Refusal) return window
  return { storeIds, ...window, page: completed }
}

const completePage = (list: ListName, { number = 0, size = 10 }: Partial<Page>): Page | Refusal<'INVALID_REQUEST'> => {
  if (number < 0) return refuse('INVALID_REQUEST', 'page.number must not be negative.')
  if (size < 1 || size > largestPage) return refuse('INVALID_REQUEST', `page.size must be 1 to ${largestPage}.`)
  if ((number + 1) * size <= pagedItems) return { number, size }
  const rest = list === 'payments' ? 'use GET /payments-by-cursor' : 'narrow filter.from and filter.until'
  return refuse(
    'INVALID_REQUEST',
    `(page.number + 1) × page.size must not be more than ${pagedItems}. To see more ${list}, ${rest}.`,
  )
}

/** The length of a window that is given no beginning. */
const usualLength = 90 * day

/**
 * Both ends count. Without ends: the 90 days before now. Of several stores the clocks may differ: then it ends with the latest of
 * them and begins 90 days before the earliest, so that it holds the last 90 days of each.
 */
export const completeWindow = async (
  { clocksOf }: Clocks,
  storeIds: readonly string[],
  input: WindowInput,
): Promise<{ readonly from: Instant; readonly until: Instant } | Refusal<'INVALID_REQUEST'>> => {
  const given = read(input.until)
  const ends = given === undefined ? (await clocksOf(storeIds)).map(storeTime) : [given]
  const until = Math.max(...ends)
  const from = read(input.from) ?? Math.max(Math.min(...ends) - usualLength, firstInstant)
  return from > until ? refuse('INVALID_REQUEST', 'from must not be later than until.') : { from, until }
}

const read = (text: string | undefined): Instant | undefined => (text === undefined ? undefined : fromIso(text))
