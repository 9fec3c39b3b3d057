import { perPool } from '../../db/batch.ts'
import type { Sql } from '../../db/connect.ts'
import { lookedUp } from '../../db/looked-up.ts'
import { batchedByTenant } from '../../db/tenant-batch.ts'
import type { Payment } from '../../payments/state/payment.ts'
import { paymentOf, type StoredPayment, storedPayments } from '../../payments/stored.ts'
import { type BankCalendar, bankCalendar, type OwnDay } from '../contracts/calendar/bank-calendar.ts'
import type { EntityKind, Snapshot } from '../entities/entity.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { defaultSetting } from '../settings/content.ts'
import { completeSetting, type Setting } from '../settings/store.ts'

/** What a request to register a transfer names. */
export type Wanted = {
  readonly transferId?: string | undefined
  readonly partnerId: string
  readonly contractId?: string | undefined
  readonly additionalFeePolicyIds: readonly string[]
  readonly discountSharePolicyIds: readonly string[]
  /** Looked for among the payments of the platform's store. */
  readonly paymentId?: string | undefined
}

/** What is there of what a request names, and how the platform settles. Read at one moment. */
export type Surroundings = {
  readonly isIdTaken: boolean
  readonly setting: Setting
  readonly calendar: BankCalendar
  /** Entities as they are now, archived ones too. The partner's default contract is among them. */
  readonly find: <Kind extends EntityKind>(kind: Kind, id: string) => Snapshot<Kind> | undefined
  readonly payment: Payment | undefined
}

type EntityRow = { [Kind in EntityKind]: { readonly what: Kind; readonly data: Snapshot<Kind> } }[EntityKind]

type Row =
  | EntityRow
  | { readonly what: 'day'; readonly data: OwnDay }
  | { readonly what: 'taken'; readonly data: { readonly id: string } }
  | { readonly what: 'payment'; readonly data: StoredPayment }

/** One round trip, shared with whoever registers something on the same platform at the same moment. */
export const readSurroundings = (sql: Sql, platform: Platform, wanted: Wanted): Promise<Surroundings> =>
  readerOf(sql)(platform, wanted)

const readerOf = perPool((sql) =>
  batchedByTenant(
    ({ merchantId, isForTest, store }: Platform) => JSON.stringify([merchantId, isForTest, store.storeId]),
    (platform, wanted: readonly Wanted[]) => readAll(sql, platform, wanted),
    { size: 64, parallel: 3 },
  ),
)

const present = (ids: readonly (string | undefined)[]): string[] => [
  ...new Set(ids.filter((id): id is string => id !== undefined)),
]

const readAll = async (sql: Sql, platform: Platform, wanted: readonly Wanted[]): Promise<readonly Surroundings[]> => {
  const partnerIds = present(wanted.map(({ partnerId }) => partnerId))
  const named = (kind: EntityKind, ids: readonly string[]) => present(ids).map((id) => ({ kind, id }))
  const keys = [
    { kind: 'SETTING', id: 'setting' },
    ...named('PARTNER', partnerIds),
    ...named('CONTRACT', present(wanted.map(({ contractId }) => contractId))),
    ...named(
      'ADDITIONAL_FEE_POLICY',
      wanted.flatMap(({ additionalFeePolicyIds }) => additionalFeePolicyIds),
    ),
    ...named(
      'DISCOUNT_SHARE_POLICY',
      wanted.flatMap(({ discountSharePolicyIds }) => discountSharePolicyIds),
    ),
  ]
  const entity = sql`
    jsonb_build_object('id', e.id, 'version', e.version, 'content', e.content,
      'appliedAt', (extract(epoch from e.applied_at) * 1000)::bigint, 'isArchived', e.is_archived,
      'connectionStatus', e.connection_status, 'connectionFailedReason', e.connection_failed_reason)`
  const rows = await sql<Row[]>`
    select e.kind as what, ${entity} as data
    from unnest(${keys.map(({ kind }) => kind)}::text[], ${keys.map(({ id }) => id)}::text[]) as k (kind, id)
    ${lookedUp(
      sql,
      sql`select * from platform_entities e where ${ofPlatform(sql, platform)} and e.kind = k.kind and e.id = k.id`,
      'e',
    )}
    union all
    select e.kind, ${entity}
    from platform_entities partner ${lookedUp(
      sql,
      sql`select * from platform_entities e
        where e.merchant_id = partner.merchant_id and e.is_for_test = partner.is_for_test and e.kind = 'CONTRACT'
          and e.id = partner.content ->> 'defaultContractId'`,
      'e',
    )}
    where partner.merchant_id = ${platform.merchantId} and partner.is_for_test = ${platform.isForTest}
      and partner.kind = 'PARTNER' and partner.id = any(${partnerIds}::text[])
    union all
    select 'day', jsonb_build_object('date', day, 'isClosed', is_closed) from platform_holidays
    where merchant_id = ${platform.merchantId}
    union all
    select 'taken', jsonb_build_object('id', transfer_id) from platform_transfers
    where ${ofPlatform(sql, platform)} and transfer_id = any(${present(wanted.map(({ transferId }) => transferId))}::text[])
    union all
    select 'payment', stored::jsonb from (
      ${storedPayments(sql, platform.store.storeId, present(wanted.map(({ paymentId }) => paymentId)))}
    ) as of_payments`
  return wanted.map(distribute(rows))
}

/** What every request of the batch may look into. */
const distribute = (rows: readonly Row[]): ((wanted: Wanted) => Surroundings) => {
  const found = emptyFinds()
  for (const row of rows) note(found, row)
  const { entities } = found
  const known = entities.SETTING.get('setting')
  const setting = known
    ? { ...known, content: completeSetting(known.content) }
    : { id: 'setting', version: 0, content: defaultSetting, appliedAt: 0 }
  const calendar = bankCalendar(found.days)
  return ({ transferId, paymentId }) => ({
    isIdTaken: transferId !== undefined && found.taken.has(transferId),
    setting,
    calendar,
    find: (kind, id) => entities[kind].get(id),
    payment: paymentId === undefined ? undefined : found.payments.get(paymentId),
  })
}

type Finds = {
  readonly entities: { readonly [Kind in EntityKind]: Map<string, Snapshot<Kind>> }
  readonly days: OwnDay[]
  readonly taken: Set<string>
  readonly payments: Map<string, Payment>
}

const emptyFinds = (): Finds => ({
  entities: {
    SETTING: new Map(),
    PARTNER: new Map(),
    CONTRACT: new Map(),
    ADDITIONAL_FEE_POLICY: new Map(),
    DISCOUNT_SHARE_POLICY: new Map(),
  },
  days: [],
  taken: new Set(),
  payments: new Map(),
})

const note = ({ entities, days, taken, payments }: Finds, row: Row): unknown => {
  switch (row.what) {
    case 'SETTING':
      return entities.SETTING.set(row.data.id, row.data)
    case 'PARTNER':
      return entities.PARTNER.set(row.data.id, row.data)
    case 'CONTRACT':
      return entities.CONTRACT.set(row.data.id, row.data)
    case 'ADDITIONAL_FEE_POLICY':
      return entities.ADDITIONAL_FEE_POLICY.set(row.data.id, row.data)
    case 'DISCOUNT_SHARE_POLICY':
      return entities.DISCOUNT_SHARE_POLICY.set(row.data.id, row.data)
    case 'day':
      return days.push(row.data)
    case 'taken':
      return taken.add(row.data.id)
    case 'payment':
      return payments.set(row.data.paymentId, paymentOf(row.data))
  }
}
