import type { Queryable } from '../../db/connect.ts'
import { lookedUp } from '../../db/looked-up.ts'
import type { EntityKind, Snapshot } from '../entities/entity.ts'
import { entityOfVersion, type VersionKey, versionKey } from '../entities/store.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { defaultSetting } from '../settings/content.ts'
import { completeSetting } from '../settings/store.ts'
import type { Transfer } from './transfer.ts'

export type SnapshotKey = VersionKey & { readonly kind: EntityKind }

/** The versions that transfers were computed by. Asking for one that was not read is a bug. */
export type Snapshots = <Kind extends EntityKind>(kind: Kind, key: VersionKey) => Snapshot<Kind>

type Row = { [Kind in EntityKind]: { readonly kind: Kind; readonly data: Snapshot<Kind> } }[EntityKind]

type Found = { readonly [Kind in EntityKind]: Map<string, Snapshot<Kind>> }

/** Everything that a transfer was computed by. */
export const keysOf = (transfer: Transfer): readonly SnapshotKey[] => {
  const { partnerId, partnerVersion, settingVersion } = transfer
  const always: SnapshotKey[] = [
    { kind: 'PARTNER', id: partnerId, version: partnerVersion },
    { kind: 'SETTING', id: 'setting', version: settingVersion },
  ]
  if (transfer.type === 'MANUAL') return always
  const { contractId, contractVersion, detail } = transfer
  return [
    ...always,
    { kind: 'CONTRACT', id: contractId, version: contractVersion },
    ...Object.entries(detail.additionalFeePolicies).map(
      ([id, version]) => ({ kind: 'ADDITIONAL_FEE_POLICY', id, version }) as const,
    ),
    ...Object.entries(detail.discountSharePolicies).map(
      ([id, version]) => ({ kind: 'DISCOUNT_SHARE_POLICY', id, version }) as const,
    ),
  ]
}

/** Reads versions of any kinds in one round trip. */
export const readSnapshots = async (
  sql: Queryable,
  platform: Pick<Platform, 'merchantId' | 'isForTest'>,
  keys: readonly SnapshotKey[],
): Promise<Snapshots> => {
  const distinct = [...new Map(keys.map((key) => [`${key.kind}/${versionKey(key)}`, key])).values()]
  const rows = await sql<Row[]>`
    select v.kind, jsonb_build_object('id', v.id, 'version', v.version, 'content', v.content,
      'appliedAt', (extract(epoch from v.applied_at) * 1000)::bigint, 'isArchived', e.is_archived,
      'connectionStatus', e.connection_status, 'connectionFailedReason', e.connection_failed_reason) as data
    from unnest(${distinct.map(({ kind }) => kind)}::text[], ${distinct.map(({ id }) => id)}::text[],
      ${distinct.map(({ version }) => version)}::integer[]) as k (kind, id, version)
    ${lookedUp(
      sql,
      sql`select * from platform_versions v
        where ${ofPlatform(sql, platform)} and v.kind = k.kind and v.id = k.id and v.version = k.version`,
      'v',
    )} ${lookedUp(sql, entityOfVersion(sql), 'e')}`
  const found = emptyFound()
  for (const row of rows) note(found, row)
  return snapshotsIn(found)
}

/** Snapshots that are already known. */
export const knownSnapshots = (rows: readonly Row[]): Snapshots => {
  const found = emptyFound()
  for (const row of rows) note(found, row)
  return snapshotsIn(found)
}

const snapshotsIn =
  (found: Found): Snapshots =>
  (kind, key) => {
    const snapshot = found[kind].get(versionKey(key))
    if (!snapshot) throw new Error(`version ${key.version} of ${kind} ${key.id} was not read`)
    return snapshot
  }

/** Version 0 of the setting is what holds where nothing was ever set. */
const emptyFound = (): Found => ({
  SETTING: new Map([[versionKey({ id: 'setting', version: 0 }), unsetSetting]]),
  PARTNER: new Map(),
  CONTRACT: new Map(),
  ADDITIONAL_FEE_POLICY: new Map(),
  DISCOUNT_SHARE_POLICY: new Map(),
})

const unsetSetting: Snapshot<'SETTING'> = {
  id: 'setting',
  version: 0,
  content: defaultSetting,
  appliedAt: 0,
  isArchived: false,
  connectionStatus: null,
  connectionFailedReason: null,
}

const note = (found: Found, row: Row): unknown => {
  const key = versionKey(row.data)
  switch (row.kind) {
    case 'SETTING':
      return found.SETTING.set(key, { ...row.data, content: completeSetting(row.data.content) })
    case 'PARTNER':
      return found.PARTNER.set(key, row.data)
    case 'CONTRACT':
      return found.CONTRACT.set(key, row.data)
    case 'ADDITIONAL_FEE_POLICY':
      return found.ADDITIONAL_FEE_POLICY.set(key, row.data)
    case 'DISCOUNT_SHARE_POLICY':
      return found.DISCOUNT_SHARE_POLICY.set(key, row.data)
  }
}
