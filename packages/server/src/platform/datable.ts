import { fromIso } from '../kernel/clock.ts'
import { beginOf, type Day } from '../kernel/days.ts'
import { invalid, type Refusal } from '../kernel/refusal.ts'

type Invalid = Refusal<'INVALID_REQUEST'>

/** Days that a clock can reach and a settlement cycle can be counted from. */
const [firstDay, lastDay] = ['1970-01-01', '9989-12-31']
const [begin, end] = [beginOf(firstDay), beginOf('9990-01-01')]

/** Days of a request that lie beyond what can be dated, by the names of their fields. */
export const dayProblem = (days: Readonly<Record<string, Day | undefined>>): Invalid | undefined => {
  for (const [field, day] of Object.entries(days))
    if (day !== undefined && (day < firstDay || day > lastDay)) return outside(field)
  return undefined
}

/** As `dayProblem`, for instants from whose day in Seoul dates are counted. */
export const instantProblem = (instants: Readonly<Record<string, string | undefined>>): Invalid | undefined => {
  for (const [field, text] of Object.entries(instants)) {
    const instant = text === undefined ? undefined : fromIso(text)
    if (instant !== undefined && (instant < begin || instant >= end)) return outside(field)
  }
  return undefined
}

const outside = (field: string): Invalid => invalid(`${field} must be between ${firstDay} and ${lastDay}.`)
