import { wroteRows } from '../db/kept.ts'
import { realTime } from '../kernel/clock.ts'
import type { DueItem } from '../workers/due.ts'
import { attemptDelivery } from './attempt.ts'
import { type Delivery, loadDelivery } from './delivery.ts'
import type { Dialer } from './dial.ts'
import { failed } from './exchange.ts'
import type { WebhookParts } from './parts.ts'
import type { ClaimedItem } from './queue.ts'
import { recordAttempt } from './record.ts'
import { retryDelay } from './retry.ts'
import type { SilentTargets } from './silent.ts'
import type { Unreachable } from './unreachable.ts'

export type DeliverySignals = {
  /** Whether a clock that is being advanced waits for the result. */
  readonly hurry: AbortSignal
  /** Aborted when the server stops and nobody waits any longer. */
  readonly stop: AbortSignal
}

/**
 * Makes one attempt and records it. After a crash in between, the row is still due and is delivered again once the lease has
 * expired: at least once. An attempt that the server's stop cuts off is not the receiver's fault: it is not recorded, and the
 * row stays due.
 */
export const deliver = async (
  parts: WebhookParts,
  known: KnownTargets,
  item: DueItem,
  signals: DeliverySignals,
  claimed?: ClaimedItem,
): Promise<'made' | 'not due' | 'cut off'> => {
  const delivery = await current(parts, item, claimed)
  // Another worker has run it since it was found.
  if (delivery?.dueAt !== item.dueAt) return 'not due'
  const post = postTo(parts.dialer, known, delivery, signals)
  const attempt = await attemptDelivery({ ...parts, dialer: { ...parts.dialer, post } }, delivery, signals.stop)
  if (signals.stop.aborted && attempt.result.status === 'FAILED_UNEXPECTED_ERROR') return 'cut off'
  const isDelivered = attempt.result.status === 'SUCCEEDED'
  const delay = isDelivered ? undefined : retryDelay(delivery.executionCount + 1, parts.chance())
  const nextDueAt = delay === undefined ? undefined : attempt.finishedAt + delay
  await recordAttempt(parts.sql, { delivery, attempt, nextDueAt })
  wroteRows(parts.sql, 'webhooks', delivery.storeId, 1)
  return 'made'
}

/** What was claimed is as it was read with the claim, for as long as nobody else may claim it. */
const current = async (
  { sql }: Pick<WebhookParts, 'sql'>,
  { storeId, id }: DueItem,
  claimed: ClaimedItem | undefined,
): Promise<Delivery | undefined> =>
  claimed !== undefined && realTime() < claimed.leasedUntil ? claimed.delivery : await loadDelivery(sql, storeId, id)

/** What this process knows about targets. */
export type KnownTargets = { readonly unreachable: Unreachable; readonly silent: SilentTargets }

/** Posts to a target and remembers how that went. While the store's clock moves, a silent target is waited for once, and so is an answer's body that does not end. */
const postTo =
  (
    dialer: Dialer,
    { unreachable, silent }: KnownTargets,
    { storeId, target }: Pick<Delivery, 'storeId' | 'target'>,
    { hurry }: DeliverySignals,
  ): Dialer['post'] =>
  async (request) => {
    const silence = hurry.aborted ? silent.of(storeId, target) : undefined
    if (silence === 'no answer') return failed(notAgain)
    const startedAt = realTime()
    const result = await dialer.post({ ...request, hurry, ignoresBody: silence === 'endless body' })
    unreachable.note(target, result, startedAt)
    if (hurry.aborted) silent.note(storeId, target, result)
    return result
  }

const notAgain = 'The target kept the moving clock waiting before. A clock that is being advanced does not wait again.'
