import type { Sql } from '../../../db/connect.ts'
import { versionKey } from '../../entities/store.ts'
import type { Platform } from '../../platform.ts'
import { readSnapshots, type SnapshotKey, type Snapshots } from '../snapshots.ts'

/** So many snapshots are kept at most: some ten megabytes. */
const keptAtMost = 5_000

const nameOf = ({ kind, ...version }: SnapshotKey): string => `${kind}/${versionKey(version)}`

/** Reads snapshots and keeps them for the next transfers, which are mostly of the same partners. */
export const snapshotReader = (sql: Sql, platform: Platform) => {
  const known = new Map<string, Snapshots>()
  return async (keys: readonly SnapshotKey[]): Promise<Snapshots> => {
    if (known.size > keptAtMost) known.clear()
    const missing = keys.filter((key) => !known.has(nameOf(key)))
    if (missing.length > 0) {
      const read = await readSnapshots(sql, platform, missing)
      for (const key of missing) known.set(nameOf(key), read)
    }
    return (kind, version) => {
      const read = known.get(nameOf({ kind, ...version }))
      if (read === undefined) throw new Error(`version ${version.version} of ${kind} ${version.id} was not read`)
      return read(kind, version)
    }
  }
}
