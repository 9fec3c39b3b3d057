import { day, hour, type Instant, toIso } from './clock.ts'
import { holidaysOf } from './korean-holidays.ts'

/** A calendar day in Korea, such as 2026-03-02: PGs keep their books by it, whatever the merchant's time zone. */
export type Day = string

const seoul = 9 * hour

export const dayOf = (instant: Instant): Day => toIso(instant + seoul).slice(0, 10)

/** The instant at which the day begins in Seoul. */
export const beginOf = (date: Day): Instant => Date.parse(`${date}T00:00:00Z`) - seoul

/** Outside these nothing ever moved, and neither PostgreSQL nor RFC 3339 can write every day that a request can name. */
const [beginning, end] = [beginOf('1970-01-01'), beginOf('9999-12-31')]

export const withinTime = (instant: Instant): Instant => Math.min(Math.max(instant, beginning), end)

export const addDays = (date: Day, days: number): Day => dayOf(withinTime(beginOf(date) + days * day))

/** Whether it is a day that exists: 2026-02-30 is none. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && toIso(Date.parse(text)).startsWith(text)

/** As PortOne's requests give a day of birth: in parts, with or without leading zeros. `undefined` where there is no such day. */
export const dayOfBirth = ({ birthYear = '', birthMonth = '', birthDay = '' }: BirthParts): Day | undefined => {
  const date = `${birthYear}-${birthMonth.padStart(2, '0')}-${birthDay.padStart(2, '0')}`
  return isDay(date) ? date : undefined
}

type BirthParts = {
  readonly birthYear?: string | undefined
  readonly birthMonth?: string | undefined
  readonly birthDay?: string | undefined
}

/** Neither weekends nor Korea's public holidays count: banks are closed. */
export const addBusinessDays = (date: Day, days: number): Day => {
  let [reached, left] = [date, days]
  while (left > 0) {
    reached = addDays(reached, 1)
    if (isBusinessDay(reached)) left -= 1
  }
  return reached
}

const isBusinessDay = (date: Day): boolean => {
  const weekday = new Date(beginOf(date) + seoul).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidaysOf(Number(date.slice(0, 4))).has(date)
}

/** Calendar days that so many business days take at most: a week has five, and the longest feasts take a week more. */
export const spanOf = (businessDays: number): number => 2 * businessDays + 10

/** A range of days, both ends inclusive. */
export type Days = { readonly from: Day; readonly until: Day }

/** How far both sides of a comparison are read beyond its days: a wrong date is found as such, not as two missing rows. */
const margin = 14

export const widened = ({ from, until }: Days): Days => ({
  from: addDays(from, -margin),
  until: addDays(until, margin),
})

export const isWithin = (date: Day | undefined, { from, until }: Days): boolean =>
  date !== undefined && from <= date && date <= until
