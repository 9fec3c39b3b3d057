import { isBlank } from '@naru/contract/blank'
import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { loadEncryption } from '../installation.ts'
import { isDay } from '../kernel/days.ts'
import { holidaysOf, isAnnounced } from '../kernel/korean-holidays.ts'
import { isPrintable } from '../kernel/text.ts'
import { createAdminSecret, listAdminSecrets, revokeAdminSecret } from '../merchants/admin-secrets.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { deleteOwnDay, findOwnDays, type NamedOwnDay, putOwnDay } from '../platform/contracts/calendar/own-days.ts'
import { redateScheduled } from '../platform/contracts/calendar/redate.ts'
import { dayProblem } from '../platform/datable.ts'
import { enrolApprover, revokeApprover } from '../platform/payouts/approval.ts'

const merchantOf = async (sql: Sql, storeId: string): Promise<string> => {
  const [store] = await sql<{ merchantId: string }[]>`
    select merchant_id as "merchantId" from stores where store_id = ${storeId}`
  if (store === undefined) throw new SetupError(`There is no store ${storeId}. See: naru store list`)
  return store.merchantId
}

export const createAdmin = async (sql: Sql, storeId: string, name: string) => {
  requireLine('name', name)
  const merchantId = await merchantOf(sql, storeId)
  return {
    merchant: merchantId,
    store: storeId,
    name,
    ...(await createAdminSecret(sql, { merchantId, storeId, name })),
  }
}

export const listAdmins = async (sql: Sql, storeId: string) => listAdminSecrets(sql, await merchantOf(sql, storeId))

export const revokeAdmin = async (sql: Sql, storeId: string, secretId: string) => {
  await revokeAdminSecret(sql, await merchantOf(sql, storeId), secretId)
  return { revoked: secretId }
}

export const addApprover = async (sql: Sql, configuration: Configuration, storeId: string, name: string) => {
  requireLine('name', name)
  return enrolApprover(sql, await loadEncryption(sql, configuration), {
    merchantId: await merchantOf(sql, storeId),
    name,
  })
}

export const listApprovers = async (sql: Sql, storeId: string): Promise<readonly object[]> => {
  const merchantId = await merchantOf(sql, storeId)
  return sql`
    select approver_id as approver, name, case when revoked_at is null then 'good' else 'revoked' end as state
    from platform_payout_approvers where merchant_id = ${merchantId} order by created_at`
}

export const removeApprover = async (sql: Sql, storeId: string, approverId: string) => {
  await revokeApprover(sql, await merchantOf(sql, storeId), approverId)
  return { revoked: approverId }
}

/**
 * A platform goes by one store of its merchant (see `platformStore`), which is a sandbox store only where that is the
 * representative one. Of any other it would say "off" and change nothing. The database refuses a live store without a
 * second factor.
 */
export const setSecondFactor = async (sql: Sql, storeId: string, isAsked: boolean): Promise<void> => {
  const merchantId = await merchantOf(sql, storeId)
  const { count } = await sql`
    update stores set asks_second_factor = ${isAsked}
    where store_id = ${storeId} and (${isAsked} or (mode = 'SANDBOX' and is_representative))`
  if (count > 0) return
  const stores = await sql<StoreRow[]>`
    select store_id as id, mode, is_representative as "isRepresentative" from stores where merchant_id = ${merchantId}`
  throw new SetupError(whyAsked(storeId, stores))
}

type StoreRow = { readonly id: string; readonly mode: 'SANDBOX' | 'LIVE'; readonly isRepresentative: boolean }

const whyAsked = (storeId: string, stores: readonly StoreRow[]): string => {
  const representative = stores.find(({ isRepresentative }) => isRepresentative)
  if (stores.some((store) => store.id === storeId && store.mode === 'LIVE'))
    return `${storeId} is a live store: its payouts always need a second factor.`
  if (representative === undefined) return 'The merchant has no representative store. See: naru store list'
  const { id, mode } = representative
  return (
    `Payouts go by the merchant's representative store, ${id}: turning it off for ${storeId} would change nothing. ` +
    (mode === 'LIVE' ? `${id} is a live store, which always needs a second factor.` : `Use --store ${id}.`)
  )
}

export const listHolidays = async (sql: Sql, storeId: string, text: string): Promise<readonly object[]> => {
  const year = /^\d{4}$/.test(text) ? Number(text) : Number.NaN
  if (!(year >= 1970 && year <= 9989)) throw new SetupError(`${text} is not a year from 1970 to 9989, such as 2026.`)
  const own = await findOwnDays(sql, await merchantOf(sql, storeId))
  const corrections = own.filter(({ date }) => date.startsWith(`${year}-`))
  const korean = [...holidaysOf(year).values()].filter(({ date }) => !corrections.some((one) => one.date === date))
  const note = isAnnounced(year) ? '' : 'not announced yet'
  return [
    ...korean.map(({ date, name, origin }) => ({ date, banks: 'closed', name, origin, note })),
    ...corrections.map(({ date, name, isClosed }) => ({
      date,
      banks: isClosed ? 'closed' : 'open',
      name,
      origin: 'MERCHANT',
      note: '',
    })),
  ].toSorted((a, b) => (a.date < b.date ? -1 : 1))
}

export const putHoliday = async (sql: Sql, storeId: string, day: NamedOwnDay) => {
  requireDay(day.date)
  requireLine('name', day.name)
  const problem = dayProblem({ [day.date]: day.date })
  if (problem) throw new SetupError(problem.body.message ?? '')
  const merchantId = await merchantOf(sql, storeId)
  await putOwnDay(sql, merchantId, day)
  return { ...day, redatedTransfers: await redateScheduled(sql, merchantId) }
}

export const removeHoliday = async (sql: Sql, storeId: string, date: string) => {
  requireDay(date)
  const merchantId = await merchantOf(sql, storeId)
  if (!(await deleteOwnDay(sql, merchantId, date)))
    throw new SetupError(`There is no correction for ${date}. See: naru payout holiday list ${date.slice(0, 4)}`)
  return { date, redatedTransfers: await redateScheduled(sql, merchantId) }
}

/** As the admin API has names: they are shown in rows. */
const requireLine = (what: string, text: string): void => {
  if (!isPrintable(text) || isBlank(text))
    throw new SetupError(`The ${what} must be one line of 1 to 255 printable characters, not blank.`)
}

const requireDay = (date: string): void => {
  if (!isDay(date)) throw new SetupError(`${date} is not a date. Write it like 2026-06-03.`)
}
