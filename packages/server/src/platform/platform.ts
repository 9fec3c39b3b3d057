import type { Fragment } from 'postgres'
import type { Queryable, Sql } from '../db/connect.ts'
import { ownStore } from '../db/epoch.ts'
import { type Instant, type ReadClock, storeTime } from '../kernel/clock.ts'
import { shortId, sortableId } from '../kernel/ids.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Store } from '../merchants/store.ts'

/**
 * One of the two platforms of a merchant, the live one or the test one: they share nothing. `store` is the store whose clock
 * says what day it is, and where payments are looked for first.
 */
export type Platform = {
  readonly merchantId: string
  readonly isForTest: boolean
  readonly store: Store
  /** In which epoch the store was when it was looked up. Absent where it is never reset. */
  readonly epoch?: number | undefined
}

/** A request to a platform, at the instant that its store's clock shows. */
export type PlatformRequest = {
  readonly platform: Platform
  readonly now: Instant
  /** Where the request carries an Idempotency-Key: its name across retries, by which what it creates is named. */
  readonly name?: string | undefined
}

export type PlatformAccess = {
  readonly access: Access
  readonly clockOf: (storeId: string) => Promise<ReadClock>
}

/**
 * The platform that a request is about. PortOne documents that the query parameter `test` wins over a flag in the body,
 * even where they disagree; without either it is the live one.
 */
export const platformOf = async (
  { access, clockOf }: PlatformAccess,
  principal: Principal,
  test: boolean | undefined,
  flag?: boolean,
): Promise<PlatformRequest | Refusal<'FORBIDDEN' | 'PLATFORM_NOT_ENABLED'>> => {
  const isForTest = test ?? flag ?? false
  const store = await access.resolvePlatformStore(principal, isForTest)
  if (store instanceof Refusal) return store
  if (!store.isPlatformEnabled) return notEnabled
  return requestTo(store, isForTest, await clockOf(store.storeId))
}

/** A request to a platform that goes by the clock of this store. */
export const requestTo = (store: Store, isForTest: boolean, clock: ReadClock): PlatformRequest => {
  const epoch = store.mode === 'SANDBOX' ? clock.epoch : undefined
  return { platform: { ...platformOfStore(store, isForTest), epoch }, now: storeTime(clock) }
}

/**
 * For the first part of a statement that writes to a platform, or of a transaction: a condition that fails where the store was
 * reset since the platform was looked up, so that nothing from before a reset is written after it. Until the statement, or the
 * transaction, is over, the store cannot be reset. `wasReset` tells that failure from others. Evaluated before rows are locked.
 */
export const inEpoch = (sql: Sql, { store: { storeId }, epoch }: Platform): Fragment =>
  epoch === undefined ? sql`true` : sql`(select ${ownStore(sql, storeId, epoch)}) is not null`

/** The first statement of a transaction: nothing is done on the platform of another epoch, whatever it is. */
export const holdEpoch = async (sql: Sql, platform: Platform): Promise<void> => {
  if (platform.epoch !== undefined) await sql`select ${inEpoch(sql, platform)}`
}

const notEnabled = refuse(
  'PLATFORM_NOT_ENABLED',
  'Partner settlement is switched off for this merchant. The operator switches it on with `naru platform enable`.',
)

/** Whose rows a statement is about. Every statement on a platform's tables begins with it. */
export const ofPlatform = (
  sql: Queryable,
  { merchantId, isForTest }: Pick<Platform, 'merchantId' | 'isForTest'>,
): Fragment => sql`merchant_id = ${merchantId} and is_for_test = ${isForTest}`

/** The numbers that PortOne's opaque ids begin with; from PAYOUT on they are not documented, and ours. */
const graphqlNumbers = {
  PLATFORM: 1,
  DISCOUNT_SHARE_POLICY: 2,
  ADDITIONAL_FEE_POLICY: 3,
  PARTNER: 4,
  CONTRACT: 5,
  TRANSFER: 6,
  PAYOUT: 7,
  BULK_PAYOUT: 8,
  PARTNER_SETTLEMENT: 9,
  ACCOUNT_TRANSFER: 10,
  BULK_ACCOUNT_TRANSFER: 11,
  BULK_TASK: 12,
  COUNTERPARTY: 13,
  BANK_ACCOUNT: 15,
} as const

/** How PortOne's GraphQL API names the thing: the base64 of `<number>:<id>`. */
export const graphqlId = (kind: keyof typeof graphqlNumbers, id: string): string =>
  Buffer.from(`${graphqlNumbers[kind]}:${id}`, 'utf8').toString('base64')

export const graphqlIds = (kind: keyof typeof graphqlNumbers, ids: readonly string[]): string[] =>
  ids.map((id) => graphqlId(kind, id))

/** An id for what the merchant creates without one, in the forms that PortOne's take; `name` as in `shortId`. */
export const platformId = (prefix: 'ptn' | 'ctr' | 'afp' | 'dsp', name?: string): string =>
  `${prefix}-${shortId(10, name)}`

/** An id that sorts by time, for what comes in great numbers. */
export const sortablePlatformId = (prefix: 'trs' | 'pst' | 'btk' | 'po' | 'act' | 'bat', name?: string): string =>
  `${prefix}-${sortableId(name)}`

/** How a due row is named: which platform, and the rest of its key. */
export const readDueId = (dueId: string): { readonly isForTest: boolean; readonly rest: string } => {
  const [environment, ...rest] = dueId.split('/')
  return { isForTest: environment === 'test', rest: rest.join('/') }
}

/** The platform of a due row, whose time has come by this store's clock. */
export const platformOfStore = (store: Store, isForTest: boolean): Platform => ({
  merchantId: store.merchantId,
  isForTest,
  store,
})
