import { realTime, second } from '../kernel/clock.ts'
import type { DueItem } from '../workers/due.ts'
import { attemptDelivery } from './attempt.ts'
import type { Dialer } from './dial.ts'
import { failed } from './exchange.ts'
import type { WebhookParts } from './parts.ts'
import { retryDelay } from './retry.ts'
import { loadDelivery, recordAttempt } from './store.ts'
import type { Unreachable } from './unreachable.ts'

/**
 * Makes one attempt and records it. After a crash in between, the row is still due and is delivered again once the lease has
 * expired: at least once.
 */
export const deliver = async (
  parts: WebhookParts,
  unreachable: Unreachable,
  { storeId, id, dueAt }: DueItem,
  hurry: AbortSignal,
): Promise<void> => {
  const delivery = await loadDelivery(parts.sql, storeId, id)
  // Another worker has run it since it was found.
  if (delivery?.dueAt !== dueAt) return
  const post = postTo(parts.dialer, unreachable, delivery.target, hurry)
  const attempt = await attemptDelivery({ ...parts, dialer: { ...parts.dialer, post } }, delivery)
  const isDelivered = attempt.result.status === 'SUCCEEDED'
  const delay = isDelivered ? undefined : retryDelay(delivery.executionCount + 1, parts.chance())
  await recordAttempt(parts.sql, delivery, attempt, delay === undefined ? undefined : attempt.finishedAt + delay)
}

/** How long a target counts as unreachable, without another try, while a clock is being advanced. */
const advanceMemory = 10 * second

/**
 * Posts to a target and remembers whether it could be reached. While a clock is being advanced, hours pass within moments,
 * and the advance waits for every attempt. If a target was unreachable a moment ago, further attempts fail at once.
 */
const postTo =
  (dialer: Dialer, unreachable: Unreachable, target: string, hurry: AbortSignal): Dialer['post'] =>
  async (request) => {
    if (hurry.aborted && unreachable.has(target, advanceMemory))
      return failed('No connection could be made a moment ago. A clock that is being advanced does not wait again.')
    const startedAt = realTime()
    const result = await dialer.post({ ...request, hurry })
    unreachable.note(target, result, startedAt)
    return result
  }
