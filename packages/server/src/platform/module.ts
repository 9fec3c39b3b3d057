import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import type { DueSource } from '../workers/due.ts'
import { type DayWork, dayDue } from './days.ts'
import type { DueParts } from './due.ts'
import { entityDue } from './entities/due.ts'
import type { LookUpsOf } from './lookups/providers.ts'
import { withdrawalDue } from './payouts/due.ts'
import type { SendingParts } from './payouts/send.ts'
import type { PlatformAccess } from './platform.ts'
import { settleDue } from './settlements/settle.ts'
import { startDue } from './transfers/start.ts'

/** What partner settlement is built from. */
export type PlatformParts = PlatformAccess &
  DueParts &
  SendingParts & {
    readonly lookUpsOf: LookUpsOf
    /** Lets writes of one thing, which would only overtake each other, follow one another in this process. */
    readonly queue: KeyedQueue
    /** Something became due now. */
    readonly wake: () => void
  }

/** What happens when a day begins, in this order. */
const dayWork = ({ sql, log }: PlatformParts): readonly DayWork[] => [
  (request, today) => startDue(sql, request, today),
  async (request, today) => {
    const { merchantId, isForTest } = request.platform
    const progress = (settled: number) => log.info({ merchantId, isForTest, settled }, 'transfers settled')
    await settleDue(sql, request, today, progress)
  },
]

/** What of partner settlement happens later. Changes come before the days that settle by them. */
export const platformSources = (parts: PlatformParts): readonly DueSource[] => [
  entityDue(parts),
  dayDue(parts, dayWork(parts)),
  withdrawalDue(parts),
]
