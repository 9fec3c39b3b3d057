import type { DueSource } from '../workers/due.ts'
import { type DayWork, dayDue } from './days.ts'
import type { DueParts } from './due.ts'
import { entityDue } from './entities/due.ts'
import type { LookUpsOf } from './lookups/providers.ts'
import type { PlatformAccess } from './platform.ts'

/** What partner settlement is built from. */
export type PlatformParts = PlatformAccess &
  DueParts & {
    readonly lookUpsOf: LookUpsOf
    /** Something became due now. */
    readonly wake: () => void
  }

/** What happens when a day begins, in this order. */
const dayWork = (_parts: PlatformParts): readonly DayWork[] => []

/** What of partner settlement happens later. Changes come before the days that settle by them. */
export const platformSources = (parts: PlatformParts): readonly DueSource[] => [
  entityDue(parts),
  dayDue(parts, dayWork(parts)),
]
