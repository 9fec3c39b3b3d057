import type { Fragment } from 'postgres'
import type { Queryable } from '../db/connect.ts'

/**
 * Whether the API secret `a` opens a live store. It and its tokens then expire by real time, as everything does that real money
 * hangs on: whoever may move the clock of a sandbox store could otherwise keep a secret that has expired, or end a good one. All
 * others expire by the clock of the sandbox store that they act for, so that an expiry can be tried.
 */
export const opensLiveStore = (sql: Queryable): Fragment => sql`exists (
  select from stores live
  where live.merchant_id = a.merchant_id and live.mode = 'LIVE' and (a.store_id is null or live.store_id = a.store_id))`

/** What time it is for the API secret `a`, which acts for the store `s`. */
export const timeOfSecret = (sql: Queryable): Fragment => sql`
  case when ${opensLiveStore(sql)} then now()
    else coalesce(s.clock_stopped_at, now() + s.clock_offset * interval '1 millisecond') end`

/** The store `s` for which the API secret `a` acts. */
export const isStoreOfSecret = (sql: Queryable): Fragment => sql`
  s.merchant_id = a.merchant_id and case when a.store_id is null then s.is_representative else s.store_id = a.store_id end`
