import type { Gateway } from '../../src/gateways/port/gateway.ts'
import type { Client, Request } from './client.ts'
import type { Load } from './load.ts'
import type { Naru } from './naru.ts'
import {
  accountOrder,
  authenticationOf,
  cancelOf,
  captureOf,
  cardOrder,
  closeOf,
  confirmationOf,
  deletionOf,
  keyOrder,
  type Order,
  stopOf,
  storingOfCard,
} from './orders.ts'
import { cancellationOfReceipt, receipt } from './receipts.ts'

/** Every call that has an effect at the PG. */
export const effects = [
  'authorize',
  'issueVirtualAccount',
  'approve',
  'cancel',
  'closeVirtualAccount',
  'capture',
  'stopCancellation',
  'issueBillingKey',
  'chargeBillingKey',
  'deleteBillingKey',
  'issueCashReceipt',
  'cancelCashReceipt',
] as const satisfies readonly (keyof Gateway)[]

export const manualChannelKey = 'channel-crash-manual'

export type Effect = (typeof effects)[number]
type Setting = { readonly naru: Naru; readonly client: Client; readonly load: Load; readonly findings: string[] }

/** Brings a payment to where the next request makes the call, and lets the server die before or after it. */
export const crashAt = async (setting: Setting, effect: Effect, side: 'before' | 'after'): Promise<void> => {
  const { naru, client, load, findings } = setting
  const deadly = await prepare[effect](setting)
  const point = `${side} ${effect}` as const
  const died = await naru.dieAt(point, () => client.send(deadly))
  if (!died) findings.push(`${point}: the server was never there`)
  load.retryLater(deadly)
}

const choice = { keyed: true, total: 30_000 }

const begun = async ({ load, client }: Setting, order: Order): Promise<Order> => {
  load.add(order)
  await client.send(order.payment)
  return order
}

/** For each effect: what comes before it, and the request that has it. */
const prepare: Readonly<Record<Effect, (setting: Setting) => Promise<Request>>> = {
  authorize: async ({ load }) => {
    const order = cardOrder(choice)
    load.add(order)
    return order.payment
  },
  issueVirtualAccount: async ({ load }) => {
    const order = accountOrder(choice)
    load.add(order)
    return order.payment
  },
  approve: async ({ load, client }) => {
    const order = cardOrder(choice)
    const authentication = authenticationOf(order)
    await client.send(authentication)
    const opened: { paymentToken: string } = JSON.parse(authentication.answer?.text ?? '{}')
    const confirmation = confirmationOf(order, opened.paymentToken)
    load.add({ ...order, payment: confirmation, later: [] })
    return confirmation
  },
  cancel: async (setting) => cancelOf(await begun(setting, cardOrder(choice)), { keyed: true, amount: 1_000 }),
  closeVirtualAccount: async (setting) => closeOf(await begun(setting, accountOrder(choice)), true),
  capture: async (setting) => captureOf(await begun(setting, cardOrder({ ...choice, channel: manualChannelKey }))),
  stopCancellation: async (setting) => {
    const order = await begun(setting, cardOrder(choice))
    const pending = cancelOf(order, { keyed: true, amount: 1_000, testCode: 'cancel-pending-9999999' })
    await setting.client.send(pending)
    const accepted: { cancellation: { id: string } } = JSON.parse(pending.answer?.text ?? '{}')
    return stopOf(order, accepted.cancellation.id)
  },
  issueBillingKey: async () => storingOfCard(),
  chargeBillingKey: async ({ load, client }) => {
    const order = keyOrder(choice, await storeCard(client))
    load.add(order)
    return order.payment
  },
  deleteBillingKey: async ({ client }) => deletionOf(await storeCard(client)),
  issueCashReceipt: async ({ load }) => {
    const issued = receipt(true)
    load.receipts.push(issued)
    return issued.issue
  },
  cancelCashReceipt: async ({ load, client }) => {
    const issued = receipt(true)
    load.receipts.push(issued)
    await client.send(issued.issue)
    return cancellationOfReceipt(issued, true)
  },
}

export const storeCard = async (client: Client): Promise<string> => {
  const storing = storingOfCard()
  await client.send(storing)
  const stored: { billingKeyInfo: { billingKey: string } } = JSON.parse(storing.answer?.text ?? '{}')
  return stored.billingKeyInfo.billingKey
}
