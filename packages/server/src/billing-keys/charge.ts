import type { PaymentMethod, SelectedChannel } from '@naru/contract'
import { paymentMethodOf } from '../gateways/stored-method.ts'
import { chance } from '../kernel/ids.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { drawByShare } from '../merchants/draw.ts'
import type { Channel, ChannelGroup, Store } from '../merchants/store.ts'
import { type BillingKey, type Holding, heldBy, stillHeldBy } from './billing-key.ts'
import { awaitAnswers } from './inquire.ts'
import { type BillingKeyParts, openToken } from './parts.ts'

export type { BillingKeyParts } from './parts.ts'

/** The channel that a key is charged through, and its token there. */
export type BillingKeyCharge = {
  readonly channel: Channel
  readonly group?: ChannelGroup | undefined
  /** Secret: kept in memory only. */
  readonly token: string
  /** The stored method, masked. */
  readonly method?: PaymentMethod | undefined
}

type KeyRefusal = Refusal<'BILLING_KEY_NOT_FOUND' | 'BILLING_KEY_ALREADY_DELETED'>

export type ChargeRefusal = KeyRefusal | Refusal<'CHANNEL_NOT_FOUND' | 'INVALID_REQUEST'>

/** Loads the key and chooses the channel, by the current settings of its group. */
export const findCharge = async (
  parts: BillingKeyParts,
  store: Store,
  billingKey: string,
  channelKey: string | undefined,
): Promise<BillingKeyCharge | ChargeRefusal> => {
  const { state } = await parts.process.load({ store, id: billingKey })
  const unusable = refuseUnlessIssued(state)
  if (unusable) return unusable
  const chosen = chooseHolding(store, state, channelKey, chance())
  if (chosen instanceof Refusal) return chosen
  const { holding, channel, group } = chosen
  return {
    channel,
    group,
    token: openToken(parts, store.storeId, holding),
    method: holding.method && paymentMethodOf(holding.method),
  }
}

/** A channel that holds a key, and the method that it stands for there. */
export type Holder = { readonly channel: SelectedChannel; readonly method?: PaymentMethod | undefined }

/**
 * The channels that hold a key, for scheduled payments. Waits for a deletion that is under way: a schedule is written
 * before it checks for deletions, and a deletion checks for schedules after it began, so one of the two sees the other.
 */
export const findUsableKey = async (
  parts: BillingKeyParts,
  store: Store,
  billingKey: string,
): Promise<readonly [Holder, ...Holder[]] | KeyRefusal> => {
  const key = { store, id: billingKey }
  const unusable = refuseUnlessIssued((await parts.process.load(key)).state)
  if (unusable) return unusable
  const [first, ...others] = heldBy(await awaitAnswers(parts, key)).map(holderOf)
  return first ? [first, ...others] : isBeingDeleted(billingKey)
}

const holderOf = ({ channel, method }: Holding): Holder => ({ channel, method: method && paymentMethodOf(method) })

/** The channels of a key that is in force. */
export const findIssuedKey = async (
  parts: BillingKeyParts,
  store: Store,
  billingKey: string,
): Promise<{ readonly channels: readonly SelectedChannel[] } | KeyRefusal> => {
  const { state } = await parts.process.load({ store, id: billingKey })
  return refuseUnlessIssued(state) ?? { channels: state.holdings.map(({ channel }) => channel) }
}

const refuseUnlessIssued = ({ billingKey, issuedAt, deletedAt }: BillingKey): KeyRefusal | undefined => {
  if (issuedAt === undefined)
    return refuse('BILLING_KEY_NOT_FOUND', `There is no billing key ${billingKey} in this store.`)
  return deletedAt === undefined
    ? undefined
    : refuse('BILLING_KEY_ALREADY_DELETED', `The billing key ${billingKey} has been deleted. Issue a new one.`)
}

const isBeingDeleted = (billingKey: string): KeyRefusal =>
  refuse(
    'BILLING_KEY_ALREADY_DELETED',
    `The billing key ${billingKey} is being deleted. Issue a new one, or try again if the deletion fails.`,
  )

type Chosen = { readonly holding: Holding; readonly channel: Channel; readonly group?: ChannelGroup | undefined }

/**
 * The channel that was asked for, or the only one, or one drawn by share among the group's active channels that hold the
 * key. If all their shares are 0, they are drawn evenly. Channels that joined the group later do not hold the key, and where it
 * is being deleted it is not charged any more. `draw` is in [0, 1).
 */
export const chooseHolding = (
  store: Store,
  key: BillingKey,
  channelKey: string | undefined,
  draw: number,
): Chosen | ChargeRefusal => {
  const chosen = chooseAmong(heldBy(key), store, key, channelKey, draw)
  if (!(chosen instanceof Refusal)) return chosen
  const beforeDeletion = chooseAmong(stillHeldBy(key), store, key, channelKey, draw)
  return beforeDeletion instanceof Refusal ? chosen : isBeingDeleted(key.billingKey)
}

const chooseAmong = (
  holdings: readonly Holding[],
  store: Store,
  key: BillingKey,
  channelKey: string | undefined,
  draw: number,
): Chosen | Refusal<'CHANNEL_NOT_FOUND' | 'INVALID_REQUEST'> => {
  const usable = holdings.flatMap((holding) => {
    const channel = store.channels.find(({ id }) => id === holding.channel.id)
    return channel ? [{ holding, channel }] : []
  })
  if (channelKey !== undefined)
    return (
      usable.find(({ channel }) => channel.key === channelKey) ??
      refuse('CHANNEL_NOT_FOUND', `The channel ${channelKey} does not hold the billing key ${key.billingKey}.`)
    )
  const groupId = key.request?.channelGroup?.id
  const group = store.channelGroups.find(({ id }) => id === groupId)
  if (groupId === undefined) return usable[0] ?? noChannelLeft(key)
  const members = usable.flatMap((candidate) => {
    const member = group?.members.find(({ channelId, isActive }) => isActive && channelId === candidate.channel.id)
    return member ? [{ ...candidate, percentage: member.percentage }] : []
  })
  const drawn = drawByShare(members, draw)
  return drawn ? { holding: drawn.holding, channel: drawn.channel, group } : noChannelLeft(key)
}

const noChannelLeft = ({ billingKey }: BillingKey) =>
  refuse(
    'INVALID_REQUEST',
    `No channel that holds the billing key ${billingKey} is active. Activate one, or issue a new billing key.`,
  )
