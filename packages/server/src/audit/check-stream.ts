import { isDeepStrictEqual } from 'node:util'
import type { Aggregate } from '../aggregates/kind.ts'
import type { Instant } from '../kernel/clock.ts'
import { broken, comparable } from './compare.ts'
import { checkDerivedRows, type StoredRow } from './derived-rows.ts'
import { reasonOf } from './finder.ts'
import type { Broken } from './finding.ts'

/** Any stored aggregate: its snapshot, the row that holds it, and its events. */
export type Stored<State, Event> = {
  readonly snapshot: Snapshot<State>
  readonly journal: readonly JournalRow<Event>[]
}

export type Snapshot<State> = {
  readonly version: number
  readonly state: State
  /** The row does not keep the state: this is what its journal gives, as far as that can be replayed. */
  readonly isReplayed?: boolean
  /** The row, by column. */
  readonly row: StoredRow
  /** What it has in a table of its own, where the aggregate has one. */
  readonly derivedRows: readonly StoredRow[]
}

export type JournalRow<Event> = {
  readonly version: number
  readonly type: string
  readonly event: Event
  readonly at: Instant
}

/** Compares a snapshot with the replay of its journal, which begins with `empty`, and its columns and rows with the snapshot. */
export const checkStream = <State extends object, Event extends { readonly type: string }>(
  aggregate: Aggregate<State, Event>,
  empty: State,
  { snapshot, journal }: Stored<State, Event>,
): readonly Broken[] => {
  const unlike = checkReplay(aggregate, empty, { snapshot, journal })
  // Nothing can be said of columns whose state would have to be replayed.
  if (snapshot.isReplayed === true && unlike.length > 0) return unlike
  return [
    ...unlike,
    ...checkColumns(aggregate.columns(snapshot.state), snapshot.row),
    ...checkDerivedRows(aggregate, snapshot.state, snapshot.derivedRows),
  ]
}

const checkReplay = <State extends object, Event extends { readonly type: string }>(
  aggregate: Aggregate<State, Event>,
  empty: State,
  { snapshot, journal }: Stored<State, Event>,
): readonly Broken[] => {
  const misfiled = journal
    .filter(({ type, event }) => type !== event.type)
    .map(({ version, type, event }) =>
      broken('journal-is-readable', `Event ${version} is filed as ${type}, but is ${event.type}.`),
    )
  const missing = missingVersions(snapshot.version, journal)
  // With events missing, the replay cannot agree; reporting that too would add nothing.
  if (missing) return [...misfiled, missing]
  return [...misfiled, ...compareReplay(aggregate, empty, { snapshot, journal })]
}

const missingVersions = (version: number, journal: readonly { readonly version: number }[]): Broken | undefined => {
  const gap = journal.findIndex((row, index) => row.version !== index + 1)
  if (gap >= 0) return broken('journal-has-no-gap', `Event ${gap + 1} is missing; ${journal[gap]?.version} follows.`)
  return journal.length === version
    ? undefined
    : broken('journal-has-no-gap', `The journal has ${journal.length} events, the snapshot is at version ${version}.`)
}

const compareReplay = <State extends object, Event extends { readonly type: string }>(
  aggregate: Aggregate<State, Event>,
  empty: State,
  { snapshot, journal }: Stored<State, Event>,
): readonly Broken[] => {
  try {
    const replayed = throughJson(journal.reduce((state, { event, at }) => aggregate.evolve(state, event, at), empty))
    if (snapshot.isReplayed === true || isDeepStrictEqual(replayed, snapshot.state)) return []
    return [broken('snapshot-is-the-replay', `Replaying gives another ${differences(replayed, snapshot.state)}.`)]
  } catch (error) {
    return [broken('journal-is-readable', `The events cannot be replayed: ${reasonOf(error)}`)]
  }
}

const throughJson = (state: object): unknown => JSON.parse(JSON.stringify(state))

/** The first few paths at which two values differ. */
const differences = (one: unknown, other: unknown): string => {
  const paths = [...differingPaths(one, other, '')]
  return paths.length > 5 ? `${paths.slice(0, 5).join(', ')} and ${paths.length - 5} more` : paths.join(', ')
}

function* differingPaths(one: unknown, other: unknown, path: string): Generator<string> {
  if (isDeepStrictEqual(one, other)) return
  if (!isObject(one) || !isObject(other)) {
    yield path
    return
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
    yield* differingPaths(one[name], other[name], path === '' ? name : `${path}.${name}`)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const checkColumns = (columns: Readonly<Record<string, unknown>>, row: StoredRow): readonly Broken[] =>
  Object.entries(columns).flatMap(([name, expected]) => {
    const actual = comparable(row[name], expected)
    if (isDeepStrictEqual(actual, expected)) return []
    const values = `${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`
    return [broken('columns-follow-the-snapshot', `The column ${name} is ${values}.`)]
  })

/** What is broken in an aggregate. If checking it throws, its state cannot be read. */
export const brokenOf = (thing: string, check: () => readonly Broken[]): readonly Broken[] => {
  try {
    return check()
  } catch (error) {
    return [broken('snapshot-is-readable', `The state cannot be read as a ${thing}: ${reasonOf(error)}`)]
  }
}
