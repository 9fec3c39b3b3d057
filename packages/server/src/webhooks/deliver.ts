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
 * Makes one attempt and writes it down. A crash in between leaves the row due, so that it is delivered again once the
 * lease has run out: at least once, never not at all.
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

/** How long a clock that is being advanced takes a target to be away without another try. */
const advanceMemory = 10 * second

/**
 * Posts to a target and remembers whether it could be reached. While a clock is advanced, hours pass within moments and
 * everything waits for every attempt. A target that could not be reached a moment ago is still away: the attempts of the
 * hours in between fail as the first did, without another wait.
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
