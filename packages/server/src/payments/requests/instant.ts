import type { InstantPaymentInput, PaymentMethod, PaymentOrigin } from '@naru/contract'
import type { CardCharge, VirtualAccountRequest } from '../../gateways/port/payment.ts'
import type { Instant } from '../../kernel/clock.ts'
import { chance } from '../../kernel/ids.ts'
import { invalid, Refusal, refuse } from '../../kernel/refusal.ts'
import { drawByShare } from '../../merchants/draw.ts'
import { type Channel, type ChannelGroup, findChannel, type Store, selectedChannel } from '../../merchants/store.ts'
import type { PaymentRequest } from '../state/payment.ts'
import { dueDateOf, refuseVirtualAccount, validForOf } from './bank-account-input.ts'
import { paymentRequest, refuseCredential } from './input.ts'
import type { Charged, PayCommand } from './pay-command.ts'

export type InstantRefusal = Refusal<'INVALID_REQUEST' | 'CHANNEL_NOT_FOUND' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT'>

type Circumstances = {
  readonly origin: PaymentOrigin
  readonly requestKey?: string | undefined
  readonly testCode?: string | undefined
  readonly now: Instant
}

/** Turns the body of an instant payment into a command, or says what is wrong with it. */
export const instantPayment = (
  store: Store,
  input: InstantPaymentInput,
  circumstances: Circumstances,
): PayCommand | InstantRefusal => {
  const { testCode, now } = circumstances
  const broken = refuseMethod(input, now)
  if (broken) return broken
  const { card } = input.method
  const method = card && ({ type: 'PaymentMethodCard', card: maskedCard(card.credential.number) } as const)
  const begun = beginning(store, input, method, circumstances)
  if (begun instanceof Refusal) return begun
  const callGateway = gatewayCallOf(input, begun.start.request, now)
  return { ...begun, testCode, callGateway, promotion: wantedPromotion(input) }
}

/** What an attempt begins with and its channel, whatever it is paid with. */
export const beginning = (
  store: Store,
  input: Omit<InstantPaymentInput, 'method'>,
  method: PaymentMethod | undefined,
  { origin, requestKey }: Pick<Circumstances, 'origin' | 'requestKey'>,
): Pick<PayCommand, 'start' | 'channel'> | InstantRefusal => {
  if ((input.channelKey === undefined) === (input.channelGroupId === undefined))
    return invalid('Give exactly one of channelKey and channelGroupId.')
  const request = paymentRequest(input)
  if (request instanceof Refusal && request.body.type === 'INVALID_REQUEST') return request
  const chosen = chooseChannel(store, input)
  if (chosen instanceof Refusal) return chosen
  if (request instanceof Refusal) return request
  const { channel, group } = chosen
  const channelGroup = group && { id: group.id, name: group.name, isForTest: group.isForTest }
  return { channel, start: { request, origin, requestKey, channel: selectedChannel(channel), channelGroup, method } }
}

const wantedPromotion = ({ promotionId, method: { card } }: InstantPaymentInput): PayCommand['promotion'] =>
  promotionId === undefined
    ? undefined
    : { promotionId, cardCompany: (gateway) => card && gateway.cardCompanyOf(card.credential) }

/** All that is ever kept of a card number: the first six digits and the last four. */
export const maskedCard = (number: string) => {
  const digits = number.replaceAll(/\D/g, '')
  return digits.length < 12
    ? {}
    : { bin: digits.slice(0, 6), number: digits.slice(0, 6) + '*'.repeat(digits.length - 10) + digits.slice(-4) }
}

const refuseMethod = ({ method }: InstantPaymentInput, now: Instant) => {
  if ((method.card === undefined) === (method.virtualAccount === undefined))
    return invalid('method must contain exactly one of card and virtualAccount.')
  return (
    (method.card && refuseCard(method.card)) ??
    (method.virtualAccount && refuseVirtualAccount(method.virtualAccount, now))
  )
}

type Card = NonNullable<InstantPaymentInput['method']['card']>

const refuseCard = ({ credential, installmentMonth }: Card): Refusal<'INVALID_REQUEST'> | undefined => {
  const broken = refuseCredential(credential)
  if (broken) return broken
  if (installmentMonth !== undefined && (installmentMonth < 0 || installmentMonth === 1))
    return invalid('method.card.installmentMonth must be 0 for a single charge, otherwise 2 or more.')
  return undefined
}

const chooseChannel = (
  store: Store,
  { channelKey, channelGroupId }: Pick<InstantPaymentInput, 'channelKey' | 'channelGroupId'>,
): { channel: Channel; group?: ChannelGroup } | Refusal<'CHANNEL_NOT_FOUND'> => {
  if (channelKey !== undefined) {
    const channel = findChannel(store, channelKey)
    return channel instanceof Refusal ? channel : { channel }
  }
  const group = store.channelGroups.find(({ id }) => id === channelGroupId)
  const channel = group && draw(store, group)
  return channel
    ? { channel, group }
    : refuse('CHANNEL_NOT_FOUND', `channelGroupId: the store has no channel group ${channelGroupId}.`)
}

/** Draws a channel by percentage. Inactive members are never drawn. */
const draw = (store: Store, group: ChannelGroup): Channel | undefined => {
  const members = group.members.filter(({ isActive, percentage }) => isActive && percentage > 0)
  const drawn = drawByShare(members, chance())
  return store.channels.find(({ id }) => id === drawn?.channelId)
}

const gatewayCallOf = (
  input: InstantPaymentInput,
  request: PaymentRequest,
  now: Instant,
): PayCommand['callGateway'] => {
  const { card, virtualAccount } = input.method
  const { orderName, currency } = request
  const order = { orderName, currency, customerId: request.customer.id }
  if (card) {
    const terms: Omit<CardCharge, keyof Charged> = {
      ...order,
      credential: card.credential,
      installmentMonth: card.installmentMonth ?? 0,
      useFreeInterestFromMerchant: card.useFreeInterestFromMerchant,
      useCardPoint: card.useCardPoint,
    }
    return (gateway, context, charged) => gateway.authorize(context, { ...terms, ...charged })
  }
  if (!virtualAccount) throw new Error('an instant payment needs a method')
  const { expiry, option, bank, remitteeName } = virtualAccount
  const terms: Omit<VirtualAccountRequest, keyof Charged> = {
    ...order,
    bank,
    expiresAt: dueDateOf(expiry) ?? now + validForOf(expiry),
    accountType: option.type,
    pgAccountId: option.fixed?.pgAccountId,
    accountNumber: option.fixed?.accountNumber,
    remitteeName,
  }
  return (gateway, context, charged) => gateway.issueVirtualAccount(context, { ...terms, ...charged })
}
