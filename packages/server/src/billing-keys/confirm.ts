import type { AggregateKey } from '../aggregates/aggregate.ts'
import { digestOf } from '../kernel/digest.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Store } from '../merchants/store.ts'
import type { BillingKey } from './billing-key.ts'
import { awaitAnswers } from './inquire.ts'
import { askChannel, issueAnswer } from './issue.ts'
import type { BillingKeyParts } from './parts.ts'
import {
  type ConfirmIssueCommand,
  type ConfirmIssueRefusal,
  requestConfirmedIssue,
  unknownToken,
} from './rules/confirm.ts'

/** The browser's token begins with the billing key, so that finding it needs no index. */
export const issueToken = (billingKey: string, secret: string): string => `${billingKey}.${secret}`

export type ConfirmInput = Omit<ConfirmIssueCommand, 'tokenDigest' | 'reference'> & {
  readonly billingIssueToken: string
}

/** The billing key in a token. Whether the token is right is decided by its digest. */
export const keyOfToken = (store: Store, billingIssueToken: string): AggregateKey | undefined => {
  const id = billingIssueToken.slice(0, Math.max(0, billingIssueToken.lastIndexOf('.')))
  return id === '' || id.length > 100 ? undefined : { store, id }
}

/**
 * Issues the key that a buyer authenticated in the PG's window: commits the intent, asks the PG, commits its answer.
 *
 * - Twice at once: one of the two waits for the other's result, and gets `BILLING_KEY_ALREADY_ISSUED` if there is a key.
 * - The same Idempotency-Key again, after a crash: returns what the first request began.
 * - A crash after the intent: the due loop asks the PG for the outcome.
 */
export const confirmIssue = async (
  parts: BillingKeyParts,
  store: Store,
  { billingIssueToken, ...input }: ConfirmInput,
): Promise<
  { readonly key: AggregateKey; readonly state: BillingKey } | ConfirmIssueRefusal | Refusal<'PG_PROVIDER'>
> => {
  const key = keyOfToken(store, billingIssueToken)
  if (!key) return unknownToken()
  const command = { ...input, tokenDigest: digestOf(billingIssueToken), reference: timeOrderedId() }
  const begun = await parts.process.change(key, (state, now) => requestConfirmedIssue(state, command, now))
  if (begun instanceof Refusal && begun.body.type === 'BILLING_KEY_ALREADY_ISSUED') {
    const result = issueAnswer(await awaitAnswers(parts, key))
    return result instanceof Refusal ? result : begun
  }
  if (begun instanceof Refusal) return begun
  const { ready, holdings } = begun.state
  if (!ready) throw new Error(`billing key ${key.id} lost what it confirms`)
  const proof = { authorization: ready.authentication.authorization, customerId: ready.request.customer.id }
  if (begun.events.length > 0)
    await Promise.all(holdings.map((holding) => askChannel(parts, key, begun, holding, proof, input.testCode)))
  const answered = issueAnswer(await awaitAnswers(parts, key))
  return answered instanceof Refusal ? answered : { key, state: answered }
}
