import type { SendIdentityVerificationBody } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import { channelOf, findChannel, selectedChannel } from '../merchants/store.ts'
import { personFacts, refuseAtGateway, refuseSend, requestedCustomer } from './input.ts'
import { awaitAnswer } from './inquire.ts'
import { subjectOf, type VerificationParts } from './parts.ts'
import { requestSend, type SendRefusal, type SentRefusal, sentAttempt, sentBy, settleSend } from './rules.ts'
import type { Attempt } from './verification.ts'

type Circumstances = { readonly requestKey?: string | undefined; readonly testCode?: string | undefined }

type Refused = SendRefusal | Refusal<'INVALID_REQUEST' | 'CHANNEL_NOT_FOUND' | 'PG_PROVIDER'>

/**
 * Sends a person a request: commits the intent, asks the PG, commits its answer.
 *
 * - Twice at once: the second is refused because it has been sent.
 * - The same Idempotency-Key again, after a crash: returns what the first request began.
 * - A crash after the intent: the due loop asks the PG whether it was sent.
 */
export const send = async (
  parts: VerificationParts,
  key: AggregateKey,
  body: SendIdentityVerificationBody,
  { requestKey, testCode }: Circumstances,
): Promise<Attempt | Refused> => {
  const customer = refuseSend(key.id, body) ?? requestedCustomer(body)
  if (customer instanceof Refusal) return customer
  const channel = findChannel(key.store, body.channelKey)
  if (channel instanceof Refusal) return channel
  const broken = refuseAtGateway(key.id, body, channel)
  if (broken) return broken
  const { method, operator, customData } = body
  const id = timeOrderedId()
  const attempt = { id, channel: selectedChannel(channel), method, operator, customer, customData, requestKey }
  const begun = await parts.process.change(key, (state, now) => requestSend(state, attempt, now))
  if (begun instanceof Refusal) return begun
  const own = sentBy(begun.state, requestKey)
  if (own && begun.events.length === 0) return sendAnswer(await awaitAnswer(parts, key, begun, own.id))
  const { clock, followsScripts, now: intendedAt } = begun
  const call = { reference: id, clock, followsScripts, intendedAt, subject: subjectOf(key, attempt), testCode }
  const request = { method, operator, customer, ...personFacts(body.customer.identityNumber) }
  const outcome = await perform(parts, key.store, channel, call, (gateway, context) =>
    gateway.startIdentity(context, request),
  )
  const settled = await parts.process.apply(key, (state, now) => settleSend(state, id, outcome, now))
  return sendAnswer(await awaitAnswer(parts, key, settled, id))
}

const sendAnswer = (attempt: Attempt): Attempt | Refusal<'PG_PROVIDER'> => {
  if (attempt.phase === 'FAILED') return refusedByGateway(failureFacts(attempt.failure))
  return attempt.phase === 'SENDING' ? resultUnknown() : attempt
}

/**
 * Sends the request again. Only the person knows whether it arrives, so a lost answer does no harm. The same Idempotency-Key
 * again sends no other one.
 */
export const resend = async (
  parts: VerificationParts,
  key: AggregateKey,
  { requestKey, testCode }: Circumstances,
): Promise<Attempt | SentRefusal | Refusal<'INVALID_REQUEST' | 'PG_PROVIDER'>> => {
  const loaded = await parts.process.load(key)
  const attempt = sentAttempt(loaded.state)
  if (attempt instanceof Refusal) return attempt
  if (requestKey !== undefined && attempt.resendKey === requestKey) return attempt
  if (attempt.method === 'APP')
    return refuse('INVALID_REQUEST', 'A request in an app is not sent again: the person finds it in the app.')
  const { clock, followsScripts, now: intendedAt } = loaded
  const call = { reference: attempt.id, clock, followsScripts, intendedAt, subject: subjectOf(key, attempt), testCode }
  const outcome = await perform(parts, key.store, channelOf(key.store, attempt), call, (gateway, context) =>
    gateway.resendIdentity(context),
  )
  switch (outcome.kind) {
    case 'succeeded':
      await parts.process.apply(key, () => [{ type: 'Resent', attemptId: attempt.id, requestKey }])
      return attempt
    case 'failed':
      return refusedByGateway(outcome.failure)
    case 'pending':
    case 'unknown':
      return resultUnknown()
  }
}
