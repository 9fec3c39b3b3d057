import type { ChannelSpecificFailure, IssueBillingKeyBody } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { failureFacts, resultUnknown } from '../doubt/failure.ts'
import { perform } from '../gateways/call.ts'
import type { BillingKeyRequest } from '../gateways/port/billing-key.ts'
import { createdBy, timeOrderedId } from '../kernel/ids.ts'
import { invalid, Refusal, refuse, refusedByGateway } from '../kernel/refusal.ts'
import { type Channel, type ChannelGroup, findChannel, type Store, selectedChannel } from '../merchants/store.ts'
import { customerOf, refuseCredential, refuseNoticeUrls } from '../payments/requests/input.ts'
import { type BillingKey, type Holding, heldBy } from './billing-key.ts'
import { awaitAnswers, isAnswered } from './inquire.ts'
import { type BillingKeyParts, type Changed, sealFor } from './parts.ts'
import { requestIssue, settleIssue } from './rules/rules.ts'

type Circumstances = { readonly requestKey?: string | undefined; readonly testCode?: string | undefined }

export type IssueRefusal = Refusal<'INVALID_REQUEST' | 'CHANNEL_NOT_FOUND' | 'CHANNEL_SPECIFIC' | 'PG_PROVIDER'>

/**
 * Stores a card at one channel, or at every active channel of a group: commits the intent, asks all PGs at once, commits
 * each answer. One channel that holds it is enough. After a crash the due loop asks the PGs for the outcome. The card
 * number is not stored, so an issue is never repeated.
 */
export const issueBillingKey = async (
  parts: BillingKeyParts,
  store: Store,
  body: IssueBillingKeyBody,
  { requestKey, testCode }: Circumstances,
): Promise<BillingKey | IssueRefusal> => {
  const broken = refuseBody(body)
  if (broken) return broken
  const chosen = channelsOf(store, body)
  if (chosen instanceof Refusal) return chosen
  // A retry with the same Idempotency-Key gets the same billing key, and so finds what the first request began.
  const key = { store, id: `billing-key-${createdBy(requestKey)}` }
  const request = { ...requestOf(body, chosen.group), requestKey }
  const channels = chosen.channels.map((channel) => ({ reference: timeOrderedId(), channel: selectedChannel(channel) }))
  const begun = await parts.process.change<never>(key, (state, now) => requestIssue(state, request, channels, now))
  const answered =
    begun.events.length === 0
      ? []
      : await Promise.all(
          begun.state.holdings.map((holding) => askChannel(parts, key, begun, holding, proofOf(body), testCode)),
        )
  // Whoever came last has the answers of all. Nothing is read again then.
  const settled = answered.map(({ state }) => state).find(isAnswered)
  return (chosen.group ? groupAnswer : issueAnswer)(settled ?? (await awaitAnswers(parts, key)))
}

const refuseBody = ({ method, channelKey, channelGroupId, noticeUrls, customer }: IssueBillingKeyBody) => {
  if (method.card === undefined)
    return invalid('method.card is required: other methods are stored through the browser.')
  if ((channelKey === undefined) === (channelGroupId === undefined))
    return invalid('Give exactly one of channelKey and channelGroupId.')
  if (customer?.name?.full !== undefined && customer.name.separated !== undefined)
    return invalid('customer.name takes either full or separated, not both.')
  return refuseCredential(method.card.credential) ?? refuseNoticeUrls(noticeUrls)
}

type Chosen = { readonly channels: readonly Channel[]; readonly group?: ChannelGroup | undefined }

/** Every active channel of a group, including those with a share of 0: shares may change before the key is charged. */
const channelsOf = (
  store: Store,
  { channelKey, channelGroupId }: IssueBillingKeyBody,
): Chosen | Refusal<'CHANNEL_NOT_FOUND'> => {
  if (channelKey !== undefined) {
    const channel = findChannel(store, channelKey)
    return channel instanceof Refusal ? channel : { channels: [channel] }
  }
  const group = store.channelGroups.find(({ id }) => id === channelGroupId)
  const active = new Set(group?.members.filter(({ isActive }) => isActive).map(({ channelId }) => channelId))
  const channels = store.channels.filter(({ id }) => active.has(id))
  return channels.length > 0
    ? { channels, group }
    : refuse(
        'CHANNEL_NOT_FOUND',
        `channelGroupId: the store has no channel group ${channelGroupId} with an active channel.`,
      )
}

const requestOf = (body: IssueBillingKeyBody, group: ChannelGroup | undefined) => ({
  customer: customerOf(body.customer ?? {}),
  customData: body.customData,
  channelGroup: group && { id: group.id, name: group.name, isForTest: group.isForTest },
  noticeUrls: body.noticeUrls?.length ? body.noticeUrls : undefined,
  skipWebhook: body.skipWebhook || undefined,
})

const proofOf = ({ method, customer }: IssueBillingKeyBody): BillingKeyRequest => {
  if (!method.card) throw new Error('a billing key needs a card')
  return { credential: method.card.credential, customerId: customer?.id }
}

/** Asks one PG for the key, and commits its answer: on the intent, where no other channel answers beside it. */
export const askChannel = async (
  parts: BillingKeyParts,
  key: AggregateKey,
  begun: Changed,
  { reference, channel }: Holding,
  proof: BillingKeyRequest,
  testCode: string | undefined,
): Promise<Changed> => {
  const { store } = key
  const { state, clock, followsScripts, now: intendedAt } = begun
  const chosen = store.channels.find(({ id }) => id === channel.id)
  if (!chosen) throw new Error(`channel ${channel.id} is gone`)
  const subject = { billingKey: key.id, customerId: state.request?.customer.id }
  const call = { reference, clock, followsScripts, intendedAt, subject, testCode }
  const outcome = await perform(parts, store, chosen, call, (gateway, context) =>
    gateway.issueBillingKey(context, proof),
  )
  const seal = sealFor(parts, store.storeId, reference)
  const known = state.holdings.length === 1 ? begun : undefined
  return await parts.process.apply(key, (current, now) => settleIssue(current, reference, outcome, seal, now), known)
}

const groupAnswer = (key: BillingKey): BillingKey | Refusal<'CHANNEL_SPECIFIC' | 'PG_PROVIDER'> =>
  key.issuedAt === undefined && !isIssuing(key) ? channelSpecific(key) : issueAnswer(key)

/** The outcome of an issue at one channel. */
export const issueAnswer = (key: BillingKey): BillingKey | Refusal<'PG_PROVIDER'> => {
  if (key.issuedAt !== undefined) return key
  return isIssuing(key) ? resultUnknown() : refusedByGateway(failureFacts(key.holdings[0]?.failure))
}

const isIssuing = ({ holdings }: BillingKey) => holdings.some(({ phase }) => phase === 'ISSUING')

/** Why some channels failed, as the contract has it, together with the channels that succeeded. */
const channelSpecific = (key: BillingKey): Refusal<'CHANNEL_SPECIFIC'> =>
  new Refusal<'CHANNEL_SPECIFIC'>({
    type: 'CHANNEL_SPECIFIC',
    message: 'Some channels failed; see failures.',
    failures: channelFailures(key),
    succeededChannels: heldBy(key).map(({ channel }) => selectedChannel(channel)),
  })

export const channelFailures = ({ holdings }: BillingKey): ChannelSpecificFailure[] =>
  holdings
    .filter(({ phase }) => phase === 'FAILED')
    .map(({ channel, failure }) => ({
      type: 'PG_PROVIDER',
      channel: selectedChannel(channel),
      ...failureFacts(failure),
    }))
