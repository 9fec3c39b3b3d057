import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import type { DueParts } from './due.ts'
import type { LookUpsOf } from './lookups/providers.ts'
import type { SendingParts } from './payouts/send.ts'
import type { PlatformAccess } from './platform.ts'

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
