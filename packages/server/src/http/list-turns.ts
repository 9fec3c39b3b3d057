import type { OperationDefinition } from '@naru/contract'
import type { Turns } from '../kernel/turns.ts'

/**
 * A page may be a hundred megabytes, so that what a merchant asks for side by side must not be worked on side by side:
 * 40 such pages kept another tenant's payment waiting for 22 s, and the server at 1.9 GB.
 */
export const listTurns = { each: 2, all: 16, waiting: 1_000 } as const

/** Whether it answers with a page, or with all there is. */
export const isList = ({ method, success }: OperationDefinition): boolean => {
  const fields = 'properties' in success ? Object.keys(success.properties ?? {}) : []
  return method === 'GET' && (fields.includes('items') || fields.includes('page'))
}

/**
 * Does the work when it is the merchant's turn, which lasts until the client has read the answer or is gone. Returns nothing
 * where nobody waits for the answer any more, or too many of the merchant's requests wait already.
 */
export const inTurn = async <Result>(
  turns: Turns,
  merchantId: string,
  closed: Promise<unknown>,
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
  void Promise.allSettled([working, closed]).then(turn.end)
  return await working
}
