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

type Parts = { readonly access: Access; readonly clockOf: (storeId: string) => Promise<StoreClock> }

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
  const window = await completeWindow(parts, principal, filter)
  if (window instanceof Refusal) return window
  return { storeIds: stores.map(({ storeId }) => storeId), ...window, page: completed }
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

/** Both ends count. Without ends: the 90 days before now, by the clock of the credential's store. */
export const completeWindow = async (
  { clockOf }: Pick<Parts, 'clockOf'>,
  principal: Principal,
  input: WindowInput,
): Promise<{ readonly from: Instant; readonly until: Instant } | Refusal<'INVALID_REQUEST'>> => {
  const until = read(input.until) ?? storeTime(await clockOf(principal.storeId))
  const from = read(input.from) ?? Math.max(until - 90 * day, firstInstant)
  return from > until ? refuse('INVALID_REQUEST', 'from must not be later than until.') : { from, until }
}

const read = (text: string | undefined): Instant | undefined => (text === undefined ? undefined : fromIso(text))
