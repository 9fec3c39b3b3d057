import type { Sql } from '../../../db/connect.ts'
import type { Day } from '../../../kernel/days.ts'
import { type BankCalendar, bankCalendar, type OwnDay } from './bank-calendar.ts'

/** A day that a merchant corrects in the calendar of bank holidays, with the reason for people. */
export type NamedOwnDay = OwnDay & { readonly name: string }

/** The calendar that a merchant's settlements are dated by. One round trip. */
export const findBankCalendar = async (sql: Sql, merchantId: string): Promise<BankCalendar> =>
  bankCalendar(await findOwnDays(sql, merchantId))

/** All days that the merchant has corrected, in their order. */
export const findOwnDays = (sql: Sql, merchantId: string): Promise<readonly NamedOwnDay[]> =>
  sql<NamedOwnDay[]>`
    select day as date, name, is_closed as "isClosed" from platform_holidays
    where merchant_id = ${merchantId} order by day`

/** Says it of the day from now on, whatever was said before. */
export const putOwnDay = async (sql: Sql, merchantId: string, { date, name, isClosed }: NamedOwnDay): Promise<void> => {
  await sql`
    insert into platform_holidays (merchant_id, day, name, is_closed) values (${merchantId}, ${date}, ${name}, ${isClosed})
    on conflict (merchant_id, day) do update set name = excluded.name, is_closed = excluded.is_closed`
}

/** Leaves the day to the public calendar again. False where nothing was said of it. */
export const deleteOwnDay = async (sql: Sql, merchantId: string, date: Day): Promise<boolean> => {
  const { count } = await sql`delete from platform_holidays where merchant_id = ${merchantId} and day = ${date}`
  return count === 1
}
