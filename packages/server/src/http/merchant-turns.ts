import type { OperationDefinition } from '@naru/contract'
import { Turns } from '../kernel/turns.ts'

/** Merchants take turns with what is heavy, each kind by itself: a list that its client reads slowly holds up no write. */
export type MerchantTurns = { readonly lists: Turns; readonly bulkWrites: Turns }

/**
 * Lists: a page may be a hundred megabytes, so that what a merchant asks for side by side must not be worked on side by
 * side: 40 such pages kept another tenant's payment waiting for 22 s, and the server at 1.9 GB.
 *
 * Bulk writes: reading and checking one takes the thread for tens of milliseconds: 32 of them at once kept another
 * merchant's request waiting for 11 s. Bodies wait in memory, a megabyte each, so that fewer may wait.
 */
export const merchantTurns = (): MerchantTurns => ({
  lists: new Turns({ each: 2, all: 16, waiting: 1_000 }),
  bulkWrites: new Turns({ each: 1, all: 16, waiting: 100 }),
})

/** Whether it answers with a page, or with all there is. */
export const isList = ({ method, success }: OperationDefinition): boolean => {
  const fields = 'properties' in success ? Object.keys(success.properties ?? {}) : []
  return method === 'GET' && (fields.includes('items') || fields.includes('page'))
}

/** A request that waits for its merchant's turn. */
export type Waiting = {
  readonly merchantId: string
  /** Settles once the answer is sent, or nobody is there to read it. */
  readonly closed: Promise<unknown>
  /** Whether the turn lasts until the client has read the answer or is gone, and not only until there is one. */
  readonly untilRead: boolean
}

/**
 * Does the work when it is the merchant's turn. Returns nothing where nobody waits for the answer any more, or too many of
 * the merchant's requests wait already: then nothing was done.
 */
export const inTurn = async <Result>(
  turns: Turns,
  { merchantId, closed, untilRead }: Waiting,
  work: () => Promise<Result>,
): Promise<Result | undefined> => {
  if (turns.isFull(merchantId)) return undefined
  const turn = turns.take(merchantId)
  const isAwaited = await Promise.race([turn.begun.then(() => true), closed.then(() => false)])
  if (!isAwaited) {
    turn.end()
    return undefined
  }
  const working = work()
  void Promise.allSettled(untilRead ? [working, closed] : [working]).then(turn.end)
  return await working
}
