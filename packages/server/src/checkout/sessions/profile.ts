import type { AdminCheckoutProfileEntry, Country, Currency, EvaluatedCheckoutMethod } from '@naru/contract'
import type { Queryable, Sql } from '../../db/connect.ts'
import { realTime } from '../../kernel/clock.ts'
import { SetupError } from '../../merchants/setup-error.ts'

/** A way to pay, where it is offered. Absent conditions hold everywhere. */
export type ProfileEntry = AdminCheckoutProfileEntry

export type CheckoutProfile = {
  readonly storeId: string
  readonly profileKey: string
  readonly name: string
  readonly isForTest: boolean
  readonly entries: readonly ProfileEntry[]
}

/** What is to be paid, and where. */
export type Situation = { readonly country: Country; readonly currency: Currency; readonly amount: number }

/** What a profile offers, in its order: the first entry of each way to pay that fits. */
export const evaluateProfile = (
  { entries }: Pick<CheckoutProfile, 'entries'>,
  { country, currency, amount }: Situation,
): EvaluatedCheckoutMethod[] => {
  const fitting = entries.filter(
    (entry) =>
      (entry.countries?.includes(country) ?? true) &&
      (entry.currencies?.includes(currency) ?? true) &&
      amount >= (entry.minAmount ?? 0) &&
      amount <= (entry.maxAmount ?? Number.MAX_SAFE_INTEGER),
  )
  const first = new Map(fitting.toReversed().map((entry) => [entry.paymentMethod, entry.channelKey]))
  return [...new Set(fitting.map(({ paymentMethod }) => paymentMethod))].map((paymentMethod) => ({
    paymentMethod,
    channelKey: first.get(paymentMethod) ?? '',
  }))
}

/** Whoever evaluates a profile has nothing but its key. Where two stores chose the same, the older one has it. */
export const findProfile = async (sql: Sql, profileKey: string): Promise<CheckoutProfile | undefined> => {
  const [found] = await sql<CheckoutProfile[]>`
    select store_id as "storeId", profile_key as "profileKey", name, is_for_test as "isForTest", entries
    from checkout_profiles where profile_key = ${profileKey} order by created_at, store_id limit 1`
  return found
}

/** The profile of that key that a store has. */
export const findProfileOf = async (
  sql: Queryable,
  storeId: string,
  profileKey: string,
): Promise<CheckoutProfile | undefined> =>
  (await profilesOf(sql, storeId)).find((profile) => profile.profileKey === profileKey)

/** All profiles of a store, oldest first. */
export const profilesOf = async (sql: Queryable, storeId: string): Promise<readonly CheckoutProfile[]> =>
  await sql<CheckoutProfile[]>`
    select store_id as "storeId", profile_key as "profileKey", name, is_for_test as "isForTest", entries
    from checkout_profiles where store_id = ${storeId} order by created_at, profile_key`

/** Sessions that were made with it offer nothing from then on. */
export const deleteProfile = async (sql: Queryable, storeId: string, profileKey: string): Promise<void> => {
  const deleted = await sql`delete from checkout_profiles where store_id = ${storeId} and profile_key = ${profileKey}`
  if (deleted.count === 0) throw new SetupError(`The store ${storeId} has no checkout profile ${profileKey}.`)
}

/** Creates a profile, or gives one of that key other entries. All its channels must be of one environment. */
export const setProfile = async (
  sql: Queryable,
  { storeId, profileKey, name, isForTest, entries }: CheckoutProfile,
): Promise<void> => {
  const impossible = entries.findIndex(
    ({ minAmount = 0, maxAmount = minAmount }) => minAmount < 0 || maxAmount < minAmount,
  )
  if (impossible >= 0)
    throw new SetupError(
      `entries[${impossible}] is never offered: minAmount and maxAmount must not be negative, nor minAmount above maxAmount.`,
    )
  const keys = [...new Set(entries.map(({ channelKey }) => channelKey))]
  const fitting = await sql`
    select from channels where store_id = ${storeId} and channel_key = any(${keys}::text[]) and deleted_at is null
      and (type = 'TEST') = ${isForTest}`
  if (fitting.count !== keys.length)
    throw new SetupError(`Every channel of the profile must be a ${isForTest ? 'TEST' : 'LIVE'} channel of the store.`)
  await sql`
    insert into checkout_profiles (store_id, profile_key, name, is_for_test, entries, created_at)
    values (${storeId}, ${profileKey}, ${name}, ${isForTest}, ${JSON.stringify(entries)}::text::jsonb, ${realTime()})
    on conflict (store_id, profile_key)
    do update set name = excluded.name, is_for_test = excluded.is_for_test, entries = excluded.entries`
}
