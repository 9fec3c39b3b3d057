import { AdminCheckoutProfileEntry } from '@naru/contract'
import {
  type CheckoutProfile,
  deleteProfile,
  type ProfileEntry,
  profilesOf,
  setProfile,
} from '../checkout/sessions/profile.ts'
import type { Sql } from '../db/connect.ts'
import { Problem } from '../http/json.ts'
import { validator } from '../http/validators.ts'
import { setCheckout } from '../merchants/setup.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { CheckoutSetting } from '../merchants/store.ts'

type Row = Readonly<Record<string, unknown>>

export const settingChanged = async (sql: Sql, storeId: string, change: Partial<CheckoutSetting>): Promise<Row[]> => [
  { store: storeId, ...(await setCheckout(sql, storeId, change)) },
]

/** Validated against the schema of the admin API. Otherwise a shopper would see the mistake first. */
export const profileSet = async (
  sql: Sql,
  profile: Omit<CheckoutProfile, 'entries'>,
  given: unknown,
): Promise<Row[]> => {
  if (!Array.isArray(given) || given.length === 0)
    throw new SetupError('Give at least one payment method, such as CARD_KR=channel-key.')
  const entries = given.map(readEntry)
  await setProfile(sql, { ...profile, entries })
  return rowsOf({ ...profile, entries })
}

const problemIn = validator(AdminCheckoutProfileEntry)

const isEntry = (value: unknown): value is ProfileEntry => !(problemIn(value) instanceof Problem)

const readEntry = (value: unknown): ProfileEntry => {
  if (isEntry(value)) return value
  throw new SetupError(`${JSON.stringify(value)}: ${problemIn(value)?.message ?? 'cannot be used'}.`)
}

export const profilesListed = async (sql: Sql, storeId: string): Promise<Row[]> =>
  (await profilesOf(sql, storeId)).flatMap(rowsOf)

export const profileDeleted = async (sql: Sql, storeId: string, profileKey: string): Promise<Row[]> => {
  await deleteProfile(sql, storeId, profileKey)
  return [{ profile: profileKey, deleted: true }]
}

const rowsOf = ({ profileKey, name, isForTest, entries }: CheckoutProfile): Row[] =>
  entries.map(({ paymentMethod, channelKey, countries = [], currencies = [], minAmount, maxAmount }) => ({
    profile: profileKey,
    name,
    environment: isForTest ? 'TEST' : 'LIVE',
    method: paymentMethod,
    channel: channelKey,
    countries: countries.join(' '),
    currencies: currencies.join(' '),
    from: minAmount ?? '',
    to: maxAmount ?? '',
  }))
