import { checkoutPrunables } from '../checkout/prunable.ts'
import type { Sql } from '../db/connect.ts'
import { countPrunable, type Prunable, pruneBatch } from '../db/prunable.ts'
import { sandboxPrunables } from '../gateways/sandbox/prunable.ts'
import { day, type Instant, storeTime } from '../kernel/clock.ts'
import { webhookExchanges } from '../webhooks/prunable.ts'

/** How old things must be to go, in days by their store's clock. */
export type Ages = {
  /** Since the latest attempt of a delivery that is over. */
  readonly webhooks: number
  /** Since the window or the session expired. */
  readonly checkouts: number
}

/** Long enough to look into what a receiver answered, and for a shopper who comes back to an old page. Our choice. */
export const usualAges: Ages = { webhooks: 90, checkouts: 30 }

/** What may go of one kind in one store. */
export type Prunables = {
  readonly kind: string
  readonly storeId: string
  readonly rows: number
  /** What they take, as PostgreSQL stores it. */
  readonly bytes: number
  /** Everything before this goes, by the store's clock. */
  readonly before: Instant
  readonly oldest: Instant | null
}

export type PruneOptions = {
  readonly ages: Ages
  /** This store alone. */
  readonly storeId?: string | undefined
}

/**
 * What may go. Nothing else ever does: payments, their journal, refunds, receipts, transfers, settlements and payouts are what
 * law wants kept (docs/retention.md), and the audit replays them.
 */
export async function* findPrunables(sql: Sql, options: PruneOptions): AsyncGenerator<Prunables> {
  for await (const { prunable, storeId, before } of work(sql, options)) {
    const found = await countPrunable(sql, prunable, storeId, before)
    if (found.rows > 0) yield { kind: prunable.kind, storeId, before, ...found }
  }
}

/**
 * Lets go of it in small batches, each a commit of its own, and tells after each batch what went. Whoever stops in between has
 * done half; the next run does the rest.
 */
export async function* prune(sql: Sql, options: PruneOptions): AsyncGenerator<Omit<Prunables, 'oldest'>> {
  for await (const { prunable, storeId, before } of work(sql, options)) {
    for (let after: string | null = ''; after !== null; ) {
      const { rows, bytes, last }: Awaited<ReturnType<typeof pruneBatch>> = await pruneBatch(sql, prunable, {
        storeId,
        before,
        after,
      })
      if (rows > 0) yield { kind: prunable.kind, storeId, before, rows, bytes }
      after = last
    }
  }
}

type Work = { readonly prunable: Prunable; readonly storeId: string; readonly before: Instant }

async function* work(sql: Sql, { ages, storeId }: PruneOptions): AsyncGenerator<Work> {
  for await (const store of storesOf(sql, storeId)) {
    const now = storeTime(store)
    yield { prunable: webhookExchanges, storeId: store.storeId, before: now - ages.webhooks * day }
    for (const prunable of [...checkoutPrunables, ...sandboxPrunables])
      yield { prunable, storeId: store.storeId, before: now - ages.checkouts * day }
  }
}

type StoreNow = { readonly storeId: string; readonly offset: number; readonly stoppedAt: Instant | null }

const pageSize = 1_000

async function* storesOf(sql: Sql, only: string | undefined): AsyncGenerator<StoreNow> {
  for (let after = ''; ; ) {
    const stores = await sql<StoreNow[]>`
      select store_id as "storeId", clock_offset as offset, clock_stopped_at as "stoppedAt" from stores
      where ${only === undefined ? sql`store_id > ${after}` : sql`store_id = ${only}`}
      order by store_id limit ${pageSize}`
    yield* stores
    const last = stores.at(-1)
    if (last === undefined || stores.length < pageSize) return
    after = last.storeId
  }
}
