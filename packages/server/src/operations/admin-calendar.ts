import { once } from '../db/lease.ts'
import type { AdminHandlers } from '../http/admin.ts'
import { isDay } from '../kernel/days.ts'
import { holidaysOf, isAnnounced } from '../kernel/korean-holidays.ts'
import { refuse } from '../kernel/refusal.ts'
import { deleteOwnDay, findOwnDays, putOwnDay } from '../platform/contracts/calendar/own-days.ts'
import { redateScheduled } from '../platform/contracts/calendar/redate.ts'
import { dayProblem } from '../platform/datable.ts'
import type { PlatformParts } from '../platform/parts.ts'

type CalendarOperationId = 'listAdminHolidays' | 'putAdminHoliday' | 'deleteAdminHoliday'

/** The calendar that settlements are dated by. */
export const adminCalendar = (parts: PlatformParts): Pick<AdminHandlers, CalendarOperationId> => ({
  listAdminHolidays: async ({ query, principal }) => {
    const own = (await findOwnDays(parts.sql, principal.merchantId)).filter(({ date }) =>
      date.startsWith(`${query.year}-`),
    )
    const corrected = new Set(own.map(({ date }) => date))
    const korean = [...holidaysOf(query.year).values()]
      .filter(({ date }) => !corrected.has(date))
      .map((holiday) => ({ ...holiday, isClosed: true }))
    const items = [...korean, ...own.map((one) => ({ ...one, origin: 'MERCHANT' as const }))]
    return { items: items.toSorted((a, b) => (a.date < b.date ? -1 : 1)), isAnnounced: isAnnounced(query.year) }
  },
  putAdminHoliday: async ({ path, body, principal }) => {
    if (!isDay(path.date)) return refuse('INVALID_REQUEST', `date must be a day such as 2026-03-02, not ${path.date}.`)
    const problem = dayProblem({ date: path.date })
    if (problem) return problem
    if (body === undefined) return refuse('INVALID_REQUEST', 'The body is missing: say name and isClosed.')
    await putOwnDay(parts.sql, principal.merchantId, { date: path.date, ...body })
    return { redated: await redateScheduled(parts.sql, principal.merchantId) }
  },
  deleteAdminHoliday: async ({ path, principal }) => {
    const { merchantId } = principal
    if (!(await once(parts.sql, 'holiday deleted', (sql) => deleteOwnDay(sql, merchantId, path.date))))
      return refuse(
        'INVALID_REQUEST',
        `There is no correction for ${path.date}. See which days are corrected (naru payout holiday list).`,
      )
    return { redated: await redateScheduled(parts.sql, merchantId) }
  },
})
