import type { JSONValue } from 'postgres'
import type { Instant } from '../kernel/clock.ts'

/** A kind of thing whose every change is journaled: how its events fold, and where its snapshot is kept. */
export type Aggregate<State extends object, Event extends { readonly type: string }> = {
  /** Names its streams in the journal, such as `payment`. */
  readonly stream: string
  readonly evolve: (state: State, event: Event, at: Instant) => State
  /** The table of snapshots. Besides what `columns` gives it has store_id, version, the state, created_at, leased_until. */
  readonly table: string
  /**
   * Absent: each row has its state, as `state`. Otherwise the column that has it, of things with more events than these alone: what few
   * events made is replayed from the journal, where it stands already.
   */
  readonly keptState?: { readonly column: string; readonly beyond: number }
  readonly idColumn: string
  /**
   * A new thing that the next commit changes within moments stands in a table of its own until then, with the same columns and hardly an
   * index: so the many of `table` are written once.
   */
  readonly underWay?: { readonly table: string; readonly is: (state: State) => boolean }
  /** What lists, the due loop and the CHECKs need to see of a state without opening it: every column, every time. */
  readonly columns: (state: State) => Readonly<Record<string, JSONValue>>
  /** The names of those columns. */
  readonly columnNames: readonly string[]
  /** What is listed or falls due by itself has rows of its own. */
  readonly derivedRows?: DerivedRows<State>
}

/** A table of rows read off the states of another, and written in the same statement as these. */
export type DerivedRows<State> = {
  readonly table: string
  /** The column that names the row; its key is (store_id, this). */
  readonly idColumn: string
  /** The column that names the aggregate. */
  readonly ownerColumn: string
  readonly columnNames: readonly string[]
  /** All rows of a state; those that differ from before are written. A row never disappears. */
  readonly rows: (state: State) => readonly Readonly<Record<string, JSONValue>>[]
}

/** A state as the database has it. Version 0 means that nothing was ever written. */
export type Versioned<State> = { readonly version: number; readonly state: State }

export const fold = <State extends object, Event extends { readonly type: string }>(
  aggregate: Pick<Aggregate<State, Event>, 'evolve'>,
  state: State,
  events: readonly Event[],
  at: Instant,
): State => events.reduce((current, event) => aggregate.evolve(current, event, at), state)

/** The column that has the states. */
export const stateColumn = ({ keptState }: Pick<Aggregate<never, never>, 'keptState'>): string =>
  keptState?.column ?? 'state'

/** What a row has of a state, by column: null where it will be replayed. */
export const storedState = <State extends object>(
  aggregate: Pick<Aggregate<State, never>, 'keptState'>,
  { version, state }: Versioned<State>,
): Readonly<Record<string, JSONValue>> => ({
  [stateColumn(aggregate)]: version > (aggregate.keptState?.beyond ?? 0) ? toJson(state) : null,
})

/** States and events are plain data, which their types cannot tell the driver. */
export const toJson = (value: object): JSONValue => value as JSONValue
