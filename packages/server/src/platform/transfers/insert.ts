import type { Fragment, JSONValue } from 'postgres'
import { toJson } from '../../aggregates/kind.ts'
import { perPool } from '../../db/batch.ts'
import type { Sql } from '../../db/connect.ts'
import { batchedByTenant } from '../../db/tenant-batch.ts'
import { toIso } from '../../kernel/clock.ts'
import { type Day, dayOf } from '../../kernel/days.ts'
import { codeOf } from '../../kernel/error-code.ts'
import { isAmong } from '../among.ts'
import { type Arming, armDays } from '../days.ts'
import type { EntityKind } from '../entities/entity.ts'
import { inEpoch, ofPlatform, type Platform } from '../platform.ts'
import { settlementName } from '../settlements/name.ts'
import { assigned, openDays } from '../settlements/open-days.ts'
import { amountFields } from './arithmetic/amounts.ts'
import { amountColumn } from './rows.ts'
import type { Transfer } from './transfer.ts'

/** A transfer that is to be registered. The database gives it its first version. */
export type NewTransfer = WithoutVersion<Transfer> & {
  /** Whether it is settled by itself, not together with others of its partner and day. */
  readonly isSettledAlone: boolean
  readonly search: readonly string[]
}

type WithoutVersion<Whole> = Whole extends Transfer ? Omit<Whole, 'version'> : never

/** What a new transfer must still find when it is written. */
export type Uses = readonly { readonly kind: EntityKind; readonly id: string }[]

export type OrderWrite = {
  readonly transfer: Extract<NewTransfer, { type: 'ORDER' }>
  readonly uses: Uses
  readonly cap: { readonly payment: number; readonly taxFree: number } | null
}

/** `LOST`: something it relies on is not as it was read; nothing was written. */
export type Written = 'WRITTEN' | 'ID_TAKEN' | 'LOST'

const columns = [
  'type',
  'transfer_id',
  'store_id',
  'status',
  'partner_id',
  'partner_version',
  'contract_id',
  'contract_version',
  'setting_version',
  'currency',
  'settlement_start_date',
  'settlement_date',
  'is_settlement_date_given',
  'is_settled_alone',
  'memo',
  'properties',
  'payment_type',
  'payment_store_id',
  'payment_id',
  'payment_method_type',
  'channel_key',
  'original_transfer_id',
  'cancellation_id',
  'detail',
  'user_defined_formulas',
  'search',
  'created_at',
  ...amountFields.map(amountColumn),
] as const

/** The columns of a new transfer but for its settlement, for a list of columns and for a select. */
export const newColumns = (sql: Sql): Fragment => sql.unsafe(columns.join(', '))

/**
 * Inserts the transfers `given`, as the rest of the statement selects them, with the CTE `open_days` (see there). What waits
 * for an open day is assigned to its settlement.
 */
export const insertGiven = (sql: Sql, { merchantId, isForTest }: Platform): Fragment => {
  const { status, settlement } = assigned(sql, sql`given`)
  const others = columns.filter((column) => column !== 'status')
  return sql`
    insert into platform_transfers (merchant_id, is_for_test, status, partner_settlement_id, ${sql.unsafe(others.join(', '))})
    select ${merchantId}, ${isForTest}::boolean, ${status}, ${settlement},
      ${sql.unsafe(others.map((column) => `given.${column}`).join(', '))}`
}

const ofOrders = (transfer: NewTransfer) =>
  transfer.type === 'MANUAL'
    ? { is_settlement_date_given: true }
    : {
        contract_id: transfer.contractId,
        contract_version: transfer.contractVersion,
        settlement_start_date: transfer.settlementStartDate,
        is_settlement_date_given: transfer.isSettlementDateGiven,
        payment_type: transfer.paymentType,
        payment_store_id: transfer.paymentStoreId,
        payment_id: transfer.paymentId,
        payment_method_type: transfer.paymentMethodType,
        channel_key: transfer.channelKey,
        original_transfer_id: transfer.originalTransferId,
        cancellation_id: transfer.type === 'ORDER_CANCEL' ? transfer.detail.cancellation.id : null,
      }

/**
 * Whether a transfer is settled with its day. One whose date has come is settled at once, and by itself; one that has not
 * started may yet get another date.
 */
const isSettledWithItsDay = ({ status, settlementDate, createdAt }: NewTransfer): boolean =>
  status === 'IN_PROCESS' && settlementDate > dayOf(createdAt)

/** The days whose settlements the transfers wait for, for `openDays`. */
export const awaitedDays = (...transfers: readonly NewTransfer[]): readonly Day[] =>
  transfers.filter(isSettledWithItsDay).map(({ settlementDate }) => settlementDate)

/** A new transfer as a row of `platform_transfers`, without its platform, which every statement names itself. */
export const newRow = (platform: Platform, transfer: NewTransfer): Readonly<Record<string, JSONValue>> => ({
  ...Object.fromEntries(amountFields.map((field) => [amountColumn(field), transfer.amounts[field]])),
  ...ofOrders(transfer),
  type: transfer.type,
  transfer_id: transfer.transferId,
  store_id: transfer.storeId,
  status: transfer.status,
  partner_settlement_id: isSettledWithItsDay(transfer) ? settlementName(platform, transfer) : null,
  partner_id: transfer.partnerId,
  partner_version: transfer.partnerVersion,
  setting_version: transfer.settingVersion,
  currency: transfer.currency,
  settlement_date: transfer.settlementDate,
  is_settled_alone: transfer.isSettledAlone,
  memo: transfer.memo,
  properties: toJson(transfer.properties),
  detail: transfer.type === 'MANUAL' ? {} : toJson(transfer.detail),
  user_defined_formulas: transfer.type === 'MANUAL' ? {} : toJson(transfer.userDefinedFormulas),
  search: [...transfer.search],
  created_at: toIso(transfer.createdAt),
})

/** What the transfers of the CTE `inserted` can be found by, for lists. */
export const linkEntries = (sql: Sql, { merchantId, isForTest }: Platform): Fragment => sql`
  insert into platform_transfer_entries (merchant_id, is_for_test, entry, created_at, transfer_id)
  select distinct ${merchantId}, ${isForTest}::boolean, entry, created_at, transfer_id
  from inserted, unnest(search) as entry`

/** The days on which something happens to new transfers, which are written at the same moment. */
export const daysOf = (...transfers: readonly NewTransfer[]): Arming => ({
  days: transfers.flatMap((transfer) =>
    transfer.status === 'SCHEDULED' && transfer.type !== 'MANUAL'
      ? [transfer.settlementStartDate, transfer.settlementDate]
      : [transfer.settlementDate],
  ),
  today: dayOf(Math.max(...transfers.map(({ createdAt }) => createdAt))),
})

/**
 * CTE `usable`: the names (`KIND/id`) of those that can still be used. Their rows stay locked against archiving until the
 * transfer is there: whoever comes second sees what the first did.
 */
export const usableEntities = (sql: Sql, platform: Platform, uses: Uses): Fragment => {
  const [kinds, ids] = [uses.map(({ kind }) => kind), uses.map(({ id }) => id)]
  return sql`
  usable as materialized (
    select e.kind || '/' || e.id as name from platform_entities e
    where ${inEpoch(sql, platform)} and ${ofPlatform(sql, platform)} and not e.is_archived and e.kind = any(${kinds}::text[]) and e.id = any(${ids}::text[])
      and ${isAmong(sql, sql`(e.kind, e.id)`, sql`select * from unnest(${kinds}::text[], ${ids}::text[])`)}
    order by e.kind, e.id for share
  )`
}

type OrderTenant = { readonly platform: Platform; readonly allowsSeveral: boolean }

/**
 * Registers an order and counts it against its payment in one statement, or does neither. Whether the payment has room for
 * it, and whether its partner has an order of it already, is decided by the row of the payment, which two that come at
 * once take one after the other. Shared with others of the same platform that come at the same moment; of one payment
 * there must be one at a time.
 */
export const insertOrder = (sql: Sql, tenant: OrderTenant, write: OrderWrite): Promise<Written> =>
  orderWriterOf(sql)(tenant, write).catch(idTaken)

/** The only unique key that a new order can meet is its id. */
export const idTaken = (error: unknown): 'ID_TAKEN' => {
  if (codeOf(error) === '23505') return 'ID_TAKEN'
  throw error
}

const orderWriterOf = perPool((sql) =>
  batchedByTenant(
    ({ platform: { merchantId, isForTest, store, epoch }, allowsSeveral }: OrderTenant) =>
      JSON.stringify([merchantId, isForTest, store.storeId, epoch, allowsSeveral]),
    (tenant, writes: readonly OrderWrite[]) => insertOrders(sql, tenant, writes),
    { size: 64, parallel: 3 },
  ),
)

const insertOrders = async (
  sql: Sql,
  { platform, allowsSeveral }: OrderTenant,
  writes: readonly OrderWrite[],
): Promise<readonly Written[]> => {
  const { merchantId, isForTest } = platform
  const transfers = writes.map(({ transfer }) => transfer)
  const rows = transfers.map((transfer) => newRow(platform, transfer))
  const conditions = writes.map(({ transfer, uses, cap }) => ({
    id: transfer.transferId,
    uses: uses.map(({ kind, id }) => `${kind}/${id}`),
    cap: cap?.payment ?? null,
    cap_tax_free: cap?.taxFree ?? null,
  }))
  const written = await sql<{ transfer_id: string }[]>`
    with ${usableEntities(
      sql,
      platform,
      writes.flatMap(({ uses }) => uses),
    )}, ${openDays(sql, platform, awaitedDays(...transfers))}, allowed as materialized (
      select given.*, c.cap, c.cap_tax_free
      from jsonb_populate_recordset(null::platform_transfers, ${sql.json(rows)}) as given
      join jsonb_to_recordset(${sql.json(conditions)})
        as c (id text, uses text[], cap bigint, cap_tax_free bigint) on c.id = given.transfer_id
      where c.uses <@ (select coalesce(array_agg(name), '{}') from usable)
        and given.payment <= coalesce(c.cap, given.payment)
        and given.payment_tax_free <= coalesce(c.cap_tax_free, given.payment_tax_free)
        and given.payment - given.payment_tax_free
          <= coalesce(c.cap - c.cap_tax_free, given.payment - given.payment_tax_free)
        and (select count(*) from open_days) >= 0
    ), counted as (
      insert into platform_payments as registered (merchant_id, is_for_test, payment_store_id, payment_type, payment_id,
        payment_amount, tax_free_amount, payment_amount_cap, tax_free_amount_cap, partners)
      select ${merchantId}, ${isForTest}::boolean, payment_store_id, payment_type, payment_id,
        payment, payment_tax_free, cap, cap_tax_free, jsonb_build_object(partner_id, 1)
      from allowed order by payment_store_id, payment_type, payment_id
      on conflict (merchant_id, is_for_test, payment_store_id, payment_type, payment_id) do update set
        payment_amount = registered.payment_amount + excluded.payment_amount,
        tax_free_amount = registered.tax_free_amount + excluded.tax_free_amount,
        partners = registered.partners || (
          select jsonb_object_agg(key, coalesce((registered.partners ->> key)::integer, 0) + 1)
          from jsonb_object_keys(excluded.partners) as key
        )
      where ${hasRoom(sql)}
        and (${allowsSeveral}::boolean
          or not registered.partners ?| array(select jsonb_object_keys(excluded.partners)))
      returning payment_store_id, payment_type, payment_id
    ), inserted as (
      ${insertGiven(sql, platform)}
      from allowed given join counted using (payment_store_id, payment_type, payment_id)
      returning transfer_id, created_at, search
    ), linked as (
      ${linkEntries(sql, platform)}
    ), ${armDays(sql, platform, daysOf(...transfers), sql`exists (select from inserted)`)}
    select transfer_id from inserted`
  const done = new Set(written.map(({ transfer_id }) => transfer_id))
  return writes.map(({ transfer }) => (done.has(transfer.transferId) ? 'WRITTEN' : 'LOST'))
}

/** Of a payment that was made elsewhere nobody here knows how much there is. */
const hasRoom = (sql: Sql): Fragment => sql`(
  registered.payment_amount_cap is null or (
    registered.payment_amount + excluded.payment_amount <= registered.payment_amount_cap
    and registered.tax_free_amount + excluded.tax_free_amount <= registered.tax_free_amount_cap
    and registered.payment_amount - registered.tax_free_amount + excluded.payment_amount - excluded.tax_free_amount
      <= registered.payment_amount_cap - registered.tax_free_amount_cap
  ))`

/** Registers an amount by hand. */
export const insertManual = async (
  sql: Sql,
  platform: Platform,
  transfer: Extract<NewTransfer, { type: 'MANUAL' }>,
): Promise<Written> => {
  const uses: Uses = [{ kind: 'PARTNER', id: transfer.partnerId }]
  try {
    const written = await sql`
    with ${usableEntities(sql, platform, uses)}, ${openDays(sql, platform, awaitedDays(transfer))}, inserted as (
      ${insertGiven(sql, platform)}
      from jsonb_populate_record(null::platform_transfers, ${sql.json(newRow(platform, transfer))}) given
      where exists (select from usable)
      returning transfer_id, created_at, search
    ), linked as (
      ${linkEntries(sql, platform)}
    ), ${armDays(sql, platform, daysOf(transfer), sql`exists (select from inserted)`)}
    select from inserted`
    return written.length === 1 ? 'WRITTEN' : 'LOST'
  } catch (error) {
    return idTaken(error)
  }
}
