import { day, hour, type Instant, minute, toIso } from '../../kernel/clock.ts'

/** Remittance agencies take orders on a grid of ten minutes, and none while banks close their books. */
const slot = 10 * minute
const [closesAt, opensAt] = [22 * hour + 50 * minute, hour]

/** Why a payout cannot be scheduled for then, in a sentence; `undefined` where it can. */
export const scheduleProblem = (scheduledAt: Instant, now: Instant): string | undefined => {
  if (scheduledAt <= now) return `scheduledAt must be in the future; the clock shows ${toIso(now)}.`
  if (scheduledAt % slot !== 0) return 'scheduledAt must be a full ten minutes, such as 2026-03-02T01:10:00Z.'
  const inSeoul = (scheduledAt + 9 * hour) % day
  return inSeoul >= closesAt || inSeoul < opensAt
    ? 'scheduledAt must not be between 22:50 and 01:00 in Korea: banks are closed for maintenance.'
    : undefined
}
