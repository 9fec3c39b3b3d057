import { setTimeout } from 'node:timers/promises'
import { realTime, second } from '../kernel/clock.ts'
import { answerBy } from '../kernel/work.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './parts.ts'

/** How long a browser waits for a webhook at most: PortOne does not say how long it lets one wait. */
const patience = 10 * second

/** How often it is looked whether another server, or this one, has delivered it. */
const lookEvery = 100

/**
 * Where the store wants its webhook before the browser's result: waits until the merchant's server has had it. Not longer
 * than `patience`, nor once a try has failed: the next one is a minute away, and the shopper waits.
 */
export const afterWebhook = async (parts: Pick<CheckoutParts, 'sql'>, { attempt, store }: Found): Promise<void> => {
  if (!store.checkout.webhookFirst) return
  const until = Math.min(answerBy(), realTime() + patience)
  while (realTime() < until && (await isUntried(parts, attempt))) await setTimeout(lookEvery)
}

const isUntried = async (
  { sql }: Pick<CheckoutParts, 'sql'>,
  { storeId, kind, subjectId, transactionId }: Found['attempt'],
): Promise<boolean> => {
  const isOurs =
    kind === 'PAYMENT'
      ? sql`payment_id = ${subjectId} and transaction_id = ${transactionId}`
      : sql`billing_key = ${subjectId}`
  const [waiting] = await sql`
    select 1 from webhooks
    where store_id = ${storeId} and ${isOurs} and status is null and due_at is not null limit 1`
  return waiting !== undefined
}
