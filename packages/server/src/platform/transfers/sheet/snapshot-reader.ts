import type { Sql } from '../../../db/connect.ts'
import { versionKey } from '../../entities/store.ts'
import type { Platform } from '../../platform.ts'
import { readSnapshots, type SnapshotKey, type Snapshots } from '../snapshots.ts'

/** So many snapshots are kept at most, by all sheets together: some ten megabytes. */
const keptAtMost = 5_000

type Kept = { readonly known: Map<string, Snapshots>; sheets: number }

/** What sheets of the same platform share while there are any: a client may take hours over its own. */
const kept = new Map<string, Kept>()

export type SnapshotReader = {
  readonly read: (keys: readonly SnapshotKey[]) => Promise<Snapshots>
  /** Once the sheet is over, whether or not it came to its end. */
  readonly [Symbol.dispose]: () => void
}

/**
 * Reads snapshots and keeps them for the next transfers, which are mostly of the same partners. A sheet that begins forgets
 * what is kept: it shows nothing that is older than itself.
 */
export const snapshotReader = (sql: Sql, platform: Platform): SnapshotReader => {
  const name = JSON.stringify([platform.merchantId, platform.isForTest])
  const ours: Kept = kept.get(name) ?? { known: new Map(), sheets: 0 }
  kept.set(name, ours)
  ours.sheets += 1
  ours.known.clear()
  return {
    read: (keys) => readThrough(sql, platform, ours.known, keys),
    [Symbol.dispose]: () => {
      ours.sheets -= 1
      if (ours.sheets === 0) kept.delete(name)
    },
  }
}

const readThrough = async (
  sql: Sql,
  platform: Platform,
  known: Map<string, Snapshots>,
  keys: readonly SnapshotKey[],
): Promise<Snapshots> => {
  if (known.size > keptAtMost / kept.size) known.clear()
  // By themselves: another sheet may forget what is kept while this one reads what is missing.
  const found = new Map(keys.map((key) => [nameOf(key), known.get(nameOf(key))]))
  const missing = keys.filter((key) => found.get(nameOf(key)) === undefined)
  if (missing.length > 0) {
    const read = await readSnapshots(sql, platform, missing)
    for (const key of missing) {
      known.set(nameOf(key), read)
      found.set(nameOf(key), read)
    }
  }
  return (kind, version) => {
    const read = found.get(nameOf({ kind, ...version }))
    if (read === undefined) throw new Error(`version ${version.version} of ${kind} ${version.id} was not read`)
    return read(kind, version)
  }
}

const nameOf = ({ kind, ...version }: SnapshotKey): string => `${kind}/${versionKey(version)}`
