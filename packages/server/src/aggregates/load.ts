import type { Sql } from '../db/connect.ts'
import { eitherOf } from '../db/either.ts'
import { eachOf } from '../db/looked-up.ts'
import { batchedByTenant } from '../db/tenant-batch.ts'
import { type Instant, type StoreClock, storeTime } from '../kernel/clock.ts'
import { seeEpoch } from '../kernel/work.ts'
import { type History, historyOf, replay } from './history.ts'
import { type Aggregate, stateColumn, type Versioned } from './kind.ts'

type Key = { readonly storeId: string; readonly id: string }

/** A state as loaded, with what holds for its store now: one query tells both what is and what time it is. */
export type Loaded<State> = Versioned<State> & {
  readonly clock: StoreClock
  /** The store's time when it was read; of a change, when it was decided. What is done on this basis was intended then. */
  readonly now: Instant
  /** Whether the store has scripts for its sandbox PG: read here, so that stores without any pay nothing for them. */
  readonly followsScripts: boolean
}

type Row<State, Event> = {
  readonly place: number
  readonly clock_offset: number
  readonly clock_stopped_at: Instant | null
  readonly follows_scripts: boolean
  readonly epoch: number
  readonly version: number | null
  readonly state: State | null
  readonly history: History<Event> | null
}

/**
 * Reads the states of one kind: one round trip, shared with whoever else is loading of the same store. What was never written is
 * `empty`, in version 0. Throws `StoreWasReset` where the work that reads saw the store before it was reset.
 */
export const createLoader = <State extends object, Event extends { readonly type: string }>(
  sql: Sql,
  aggregate: Aggregate<State, Event>,
): ((key: Key, empty: State) => Promise<Loaded<State>>) => {
  const { table, idColumn, keptState, underWay } = aggregate
  const id = sql`t.${sql(idColumn)}`
  const state = sql`t.${sql(stateColumn(aggregate))}`
  const history = keptState
    ? sql`case when ${state} is null then ${historyOf(sql, aggregate, { storeId: sql`t.store_id`, id })} end`
    : sql`null`
  const tables = [table, ...(underWay ? [underWay.table] : [])]
  const loadRows = async (storeId: string, ids: readonly string[]) => {
    const rows = await sql<Row<State, Event>[]>`
      select wanted.place, s.clock_offset, s.clock_stopped_at, s.follows_scripts, s.epoch, t.version, ${state} as state,
        ${history} as history
      from ${eachOf(sql, sql`${[...ids]}::text[]`)} with ordinality as wanted (id, place)
      join stores s on s.store_id = ${storeId}
      left join lateral ${eitherOf(sql, tables, 't', sql`t.store_id = ${storeId} and ${id} = wanted.id`)} t on true`
    const byPlace = new Map(rows.map((row) => [row.place, row]))
    return ids.map((_, index) => byPlace.get(index + 1))
  }
  const load = batchedByTenant((storeId: string) => storeId, loadRows, { size: 64, parallel: 3 })
  return async (key, empty) => {
    const row = await load(key.storeId, key.id)
    if (!row) throw new Error(`store ${key.storeId} is gone`)
    seeEpoch(key.storeId, row.epoch)
    const version = row.version ?? 0
    const name = `${aggregate.stream} ${key.id} of store ${key.storeId}`
    const clock = { offset: row.clock_offset, stoppedAt: row.clock_stopped_at }
    return {
      version,
      state: row.state ?? replay(aggregate, empty, { name, version, history: row.history ?? [] }),
      clock,
      now: storeTime(clock),
      followsScripts: row.follows_scripts,
    }
  }
}
