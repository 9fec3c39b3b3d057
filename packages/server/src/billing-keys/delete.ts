import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { Refusal, refusedByGateway } from '../kernel/refusal.ts'
import type { BillingKey, Deletion } from './billing-key.ts'
import { awaitAnswers, deleteAtChannel, hasUnexecutedSchedule } from './inquire.ts'
import type { BillingKeyParts, LoadedBillingKey } from './parts.ts'
import { type DeleteRefusal, isScheduled, requestDeletion, withdrawDeletion } from './rules/rules.ts'

/**
 * Deletes a key at every channel that holds it. If some refuse, the key stays ISSUED there, and repeating the request
 * deletes the rest. Our choice: PortOne does not say.
 */
export const deleteBillingKey = async (
  parts: BillingKeyParts,
  key: AggregateKey,
  deletion: Deletion,
  testCode: string | undefined,
): Promise<BillingKey | DeleteRefusal | Refusal<'CHANNEL_SPECIFIC' | 'PG_PROVIDER'>> => {
  const hasSchedule = await hasUnexecutedSchedule(parts, key)
  const begun = await parts.process.change(key, (state, now) => requestDeletion(state, deletion, hasSchedule, now))
  if (begun instanceof Refusal) return begun
  if (begun.events.length > 0) await carryOut(parts, key, begun, testCode)
  return answer(await awaitAnswers(parts, key))
}

/**
 * Checks for schedules again, now that everybody who makes one sees the deletion. A schedule that was made at the same
 * moment keeps the key, so exactly one of the two requests is refused. After a crash here, the due loop checks.
 */
const carryOut = async (
  parts: BillingKeyParts,
  key: AggregateKey,
  begun: LoadedBillingKey,
  testCode: string | undefined,
): Promise<void> => {
  if (await hasUnexecutedSchedule(parts, key)) {
    const { events } = await parts.process.apply(key, withdrawDeletion)
    if (events.length > 0) return
  }
  const asked = begun.state.holdings.filter(({ phase }) => phase === 'DELETING')
  await Promise.all(asked.map((holding) => deleteAtChannel(parts, key, begun, holding, testCode)))
}

const answer = (key: BillingKey): BillingKey | DeleteRefusal | Refusal<'CHANNEL_SPECIFIC' | 'PG_PROVIDER'> => {
  if (key.deletedAt !== undefined) return key
  if (key.deletion === undefined) return isScheduled(key.billingKey)
  if (key.holdings.some(({ phase }) => phase === 'DELETING')) return resultUnknown()
  const refused = key.holdings.filter(({ phase, deleteFailure }) => phase === 'ISSUED' && deleteFailure)
  if (key.request?.channelGroup === undefined) return refusedByGateway(failureFacts(refused[0]?.deleteFailure))
  return new Refusal<'CHANNEL_SPECIFIC'>({
    type: 'CHANNEL_SPECIFIC',
    message: 'Some channels did not delete the billing key; see failures. Repeat the request to delete it there too.',
    failures: refused.map(({ channel, deleteFailure }) => ({
      type: 'PG_PROVIDER',
      channel,
      ...failureFacts(deleteFailure),
    })),
    succeededChannels: key.holdings.filter(({ phase }) => phase === 'DELETED').map(({ channel }) => channel),
  })
}
