import type { Configuration } from '../configuration.ts'
import type { Sql } from '../db/connect.ts'
import { loadEncryption } from '../installation.ts'
import { isDay } from '../kernel/days.ts'
import { holidaysOf, isAnnounced } from '../kernel/korean-holidays.ts'
import { createAdminSecret } from '../merchants/admin-secrets.ts'
import { SetupError } from '../merchants/setup-error.ts'
import { deleteOwnDay, findOwnDays, type NamedOwnDay, putOwnDay } from '../platform/contracts/calendar/own-days.ts'
import { redateScheduled } from '../platform/contracts/calendar/redate.ts'
import { enrolApprover } from '../platform/payouts/approval.ts'

export { revokeAdminSecret } from '../merchants/admin-secrets.ts'
export { revokeApprover } from '../platform/payouts/approval.ts'

const merchantOf = async (sql: Sql, storeId: string): Promise<string> => {
  const [store] = await sql<{ merchantId: string }[]>`
    select merchant_id as "merchantId" from stores where store_id = ${storeId}`
  if (store === undefined) throw new SetupError(`There is no store ${storeId}.`)
  return store.merchantId
}

export const createAdmin = async (sql: Sql, storeId: string, name: string) => {
  const merchantId = await merchantOf(sql, storeId)
  return { merchant: merchantId, store: storeId, ...(await createAdminSecret(sql, { merchantId, storeId, name })) }
}

export const addApprover = async (sql: Sql, configuration: Configuration, storeId: string, name: string) =>
  enrolApprover(sql, await loadEncryption(sql, configuration), { merchantId: await merchantOf(sql, storeId), name })

export const listApprovers = async (sql: Sql, storeId: string): Promise<readonly object[]> => {
  const merchantId = await merchantOf(sql, storeId)
  return sql`
    select approver_id as approver, name, case when revoked_at is null then 'good' else 'revoked' end as state
    from platform_payout_approvers where merchant_id = ${merchantId} order by created_at`
}

/** The database refuses a live store without a second factor. */
export const setSecondFactor = async (sql: Sql, storeId: string, isAsked: boolean): Promise<void> => {
  await merchantOf(sql, storeId)
  const { count } = await sql`
    update stores set asks_second_factor = ${isAsked}
    where store_id = ${storeId} and (${isAsked} or mode = 'SANDBOX')`
  if (count === 0) throw new SetupError(`${storeId} is a live store: its payouts always need a second factor.`)
}

export const listHolidays = async (sql: Sql, storeId: string, year: number): Promise<readonly object[]> => {
  if (!Number.isInteger(year) || year < 1970 || year > 9989) throw new SetupError(`${year} is not a year.`)
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
  if (!isDay(day.date)) throw new SetupError(`${day.date} is not a date. Write it like 2026-06-03.`)
  const merchantId = await merchantOf(sql, storeId)
  await putOwnDay(sql, merchantId, day)
  return { ...day, redatedTransfers: await redateScheduled(sql, merchantId) }
}

export const removeHoliday = async (sql: Sql, storeId: string, date: string) => {
  const merchantId = await merchantOf(sql, storeId)
  if (!(await deleteOwnDay(sql, merchantId, date))) throw new SetupError(`There is no correction for ${date}.`)
  return { date, redatedTransfers: await redateScheduled(sql, merchantId) }
}
