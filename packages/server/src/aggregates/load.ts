import type { Sql } from '../db/connect.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Instant, type StoreClock, storeTime } from '../kernel/clock.ts'
import { seeEpoch } from '../kernel/work.ts'
import type { Versioned } from './kind.ts'

type Key = { readonly storeId: string; readonly id: string }

/** A state as loaded, with what holds for its store now: one query tells both what is and what time it is. */
export type Loaded<State> = Versioned<State> & {
  readonly clock: StoreClock
  /** The store's time when it was read; of a change, when it was decided. What is done on this basis was intended then. */
  readonly now: Instant
  /** Whether the store has scripts for its sandbox PG: read here, so that stores without any pay nothing for them. */
  readonly followsScripts: boolean
}

type Row<State> = {
  readonly place: number
  readonly clock_offset: number
  readonly clock_stopped_at: Instant | null
  readonly follows_scripts: boolean
  readonly epoch: number
  readonly version: number | null
  readonly state: State | null
}

/**
 * Reads the snapshots of one table: one round trip, shared with whoever else is loading of the same store. What was never written is
 * version 0, without a state. Throws `StoreWasReset` where the work that reads saw the store before it was reset.
 */
export const createLoader = <State extends object>(
  sql: Sql,
  { table, idColumn }: { readonly table: string; readonly idColumn: string },
): ((key: Key) => Promise<Loaded<State | undefined>>) => {
  const loadRows = async (storeId: string, ids: readonly string[]): Promise<readonly (Row<State> | undefined)[]> => {
    const rows = await sql<Row<State>[]>`
      select wanted.place, s.clock_offset, s.clock_stopped_at, s.follows_scripts, s.epoch, t.version, t.state
      from unnest(${[...ids]}::text[]) with ordinality as wanted (id, place)
      join stores s on s.store_id = ${storeId}
      left join ${sql(table)} t on t.store_id = ${storeId} and t.${sql(idColumn)} = wanted.id`
    const byPlace = new Map(rows.map((row) => [row.place, row]))
    return ids.map((_, index) => byPlace.get(index + 1))
  }
  const load = batchedByTenant((storeId: string) => storeId, loadRows, { size: 64, parallel: 3 })
  return async (key) => {
    const row = await load(key.storeId, key.id)
    if (!row) throw new Error(`store ${key.storeId} is gone`)
    seeEpoch(key.storeId, row.epoch)
    const clock = { offset: row.clock_offset, stoppedAt: row.clock_stopped_at }
    return {
      version: row.version ?? 0,
      state: row.state ?? undefined,
      clock,
      now: storeTime(clock),
      followsScripts: row.follows_scripts,
    }
  }
}
