import { randomUUID } from 'node:crypto'
import { type Request, request } from './client.ts'
import { channelKey } from './naru.ts'

/** An order of the merchant's and every request that was made about it. */
export type Order = {
  readonly paymentId: string
  readonly total: number
  /** Pays by card or issues a virtual account. */
  readonly payment: Request
  readonly later: Request[]
}

export type Choice = { readonly keyed: boolean; readonly total: number; readonly channel?: string }

/** An Idempotency-Key, or none. */
export const newKey = (keyed: boolean): string | undefined => (keyed ? randomUUID() : undefined)

const charge = (total: number, channel = channelKey) => ({
  channelKey: channel,
  orderName: 'an order that must survive',
  amount: { total },
  currency: 'KRW',
  customer: { id: 'customer-1', email: 'customer-1@example.com' },
})

export const cardMethod = { card: { credential: { number: '4242424242424242', expiryYear: '49', expiryMonth: '12' } } }

const accountMethod = {
  virtualAccount: {
    bank: 'SHINHAN',
    expiry: { validHours: 2_000 },
    option: { type: 'NORMAL' },
    cashReceipt: undefined,
  },
}

export const cardOrder = ({ keyed, total, channel }: Choice): Order => {
  const paymentId = `card-${randomUUID()}`
  const body = { ...charge(total, channel), method: cardMethod }
  const payment = request('pay', `/payments/${paymentId}/instant`, { body, key: newKey(keyed), amount: total })
  return { paymentId, total, payment, later: [] }
}

export const accountOrder = ({ keyed, total }: Choice): Order => {
  const paymentId = `account-${randomUUID()}`
  const body = { ...charge(total), method: accountMethod }
  const payment = request('issue', `/payments/${paymentId}/instant`, { body, key: newKey(keyed), amount: total })
  return { paymentId, total, payment, later: [] }
}

/** Pays with a stored card. */
export const keyOrder = ({ keyed, total }: Choice, billingKey: string): Order => {
  const paymentId = `key-${randomUUID()}`
  const { channelKey: _, ...order } = charge(total)
  const body = { ...order, billingKey }
  const payment = request('pay', `/payments/${paymentId}/billing-key`, { body, key: newKey(keyed), amount: total })
  return { paymentId, total, payment, later: [] }
}

/** Pays by card, less a promotion's discount. */
export const discountedOrder = (choice: Choice, promotionId: string): Order => {
  const order = cardOrder(choice)
  return { ...order, payment: { ...order.payment, body: { ...order.payment.body, promotionId } } }
}

export const storingOfCard = (): Request =>
  request('storeCard', '/billing-keys', { body: { channelKey, method: cardMethod }, key: randomUUID() })

export const deletionOf = (billingKey: string): Request =>
  request('deleteCard', `/billing-keys/${billingKey}`, { method: 'DELETE', key: randomUUID() })

const follow = (order: Order, following: Request): Request => {
  order.later.push(following)
  return following
}

export const cancelOf = (order: Order, { keyed, amount, testCode }: CancelChoice): Request =>
  follow(
    order,
    request('cancel', `/payments/${order.paymentId}/cancel`, {
      body: { amount, reason: 'a part was sent back' },
      key: newKey(keyed),
      amount,
      testCode,
    }),
  )

export type CancelChoice = {
  readonly keyed: boolean
  readonly amount: number
  readonly testCode?: string | undefined
}

/** Goes through the checkout, so that the payment can be confirmed. */
export const authenticationOf = (order: Order): Request =>
  request('authenticate', `/sandbox/payments/${order.paymentId}/authenticate`, { body: order.payment.body })

export const confirmationOf = (order: Order, paymentToken: string): Request =>
  follow(
    order,
    request('confirm', `/payments/${order.paymentId}/confirm`, { body: { paymentToken }, key: newKey(true) }),
  )

export const depositOf = (order: Order): Request =>
  follow(order, request('deposit', `/sandbox/payments/${order.paymentId}/deposit`))

export const closeOf = (order: Order, keyed: boolean): Request =>
  follow(order, request('close', `/payments/${order.paymentId}/virtual-account/close`, { key: newKey(keyed) }))

export const captureOf = (order: Order): Request =>
  follow(order, request('capture', `/payments/${order.paymentId}/capture`, { key: newKey(true) }))

export const stopOf = (order: Order, cancellationId: string): Request =>
  follow(
    order,
    request('stop', `/payments/${order.paymentId}/cancellations/${cancellationId}/stop`, { key: newKey(true) }),
  )
