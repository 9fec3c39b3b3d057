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

/** The token that the browser gets begins with the key's name, so that no index is needed to find what it is for. */
export const issueToken = (billingKey: string, secret: string): string => `${billingKey}.${secret}`

export type ConfirmInput = Omit<ConfirmIssueCommand, 'tokenDigest' | 'reference'> & {
  readonly billingIssueToken: string
  readonly testCode?: string | undefined
}

/** The key that a token is for; whether it is the right token, its digest says. */
export const keyOfToken = (store: Store, billingIssueToken: string): AggregateKey | undefined => {
  const id = billingIssueToken.slice(0, Math.max(0, billingIssueToken.lastIndexOf('.')))
  return id === '' || id.length > 100 ? undefined : { store, id }
}

/**
 * Issues what a buyer authenticated in the PG's window: commits the intent, asks the PG, commits its answer.
 *
 * - Twice at once: one of the two finds the token used.
 * - The same Idempotency-Key again, after a crash: answers with what the first request began.
 * - A crash after the intent: the due loop asks the PG what it did.
 */
export const confirmIssue = async (
  parts: BillingKeyParts,
  store: Store,
  { billingIssueToken, testCode, ...input }: ConfirmInput,
): Promise<
  { readonly key: AggregateKey; readonly state: BillingKey } | ConfirmIssueRefusal | Refusal<'PG_PROVIDER'>
> => {
  const key = keyOfToken(store, billingIssueToken)
  if (!key) return unknownToken()
  const command = { ...input, tokenDigest: digestOf(billingIssueToken), reference: timeOrderedId() }
  const begun = await parts.process.change(key, (state, now) => requestConfirmedIssue(state, command, now))
  if (begun instanceof Refusal) return begun
  const { ready, holdings } = begun.state
  if (!ready) throw new Error(`billing key ${key.id} lost what it confirms`)
  const proof = { authorization: ready.authentication.authorization, customerId: ready.request.customer.id }
  if (begun.events.length > 0)
    await Promise.all(holdings.map((holding) => askChannel(parts, key, begun, holding, proof, testCode)))
  const answered = issueAnswer(await awaitAnswers(parts, key))
  return answered instanceof Refusal ? answered : { key, state: answered }
}
