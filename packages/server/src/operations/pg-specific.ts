import type { ConfirmPaymentwallDeliveryBody } from '@naru/contract'
import { ask } from '../gateways/call.ts'
import type { Handlers } from '../http/handler.ts'
import { naruFailure } from '../kernel/codes.ts'
import { invalid, Refusal, refuse } from '../kernel/refusal.ts'
import type { Principal } from '../merchants/principal.ts'
import { fulfil } from '../payments/fulfil.ts'
import { representative } from '../payments/state/payment.ts'
import { findPaymentIdByTransaction } from '../payments/store.ts'
import type { OperationParts } from './parts.ts'
import { findChannel, readingCall, storesOf } from './without-store.ts'

type Parts = Pick<OperationParts, 'access' | 'clockOf' | 'payments'>

type PgSpecificOperationId = 'getKakaopayPaymentOrder' | 'confirmPaymentwallDelivery'

/** What only one PG has. Neither names a store: it is found by the channel or the transaction. */
export const pgSpecificOperations = (parts: Parts): Pick<Handlers, PgSpecificOperationId> => ({
  getKakaopayPaymentOrder: async ({ query, principal, caller }) => {
    const found = await findChannel(parts, principal, query.channelKey)
    if (found?.channel.pgProvider !== 'KAKAOPAY')
      return invalid(`channelKey: ${query.channelKey} is not a KakaoPay channel of this merchant.`)
    const call = await readingCall(parts, found.store, caller.testCode)
    const answer = await ask(parts.payments, found.store, found.channel, call, (gateway, context) =>
      gateway.lookUpOrder(context, query.pgTxId),
    )
    return answer.kind === 'succeeded' ? answer.value : unreachable()
  },

  confirmPaymentwallDelivery: async ({ body, principal, caller }) => {
    const broken = refuseDelivery(body)
    if (broken) return broken
    const { transactionId, ...delivery } = body
    const key = await findTransaction(parts, principal, transactionId)
    if (!key) return refuse('PAYMENT_NOT_FOUND', `There is no payment with the transaction ${transactionId}.`)
    const { requestKey, testCode } = caller
    const done = await fulfil(parts.payments, key, { kind: 'DELIVERY', delivery }, { requestKey, testCode })
    if (!(done instanceof Refusal)) return {}
    if (done.body.type === 'PAYMENT_NOT_FOUND') return refuse('PAYMENT_NOT_FOUND', done.body.message ?? '')
    // PortOne documents no error for what Paymentwall refuses, so that its words come as `INVALID_REQUEST`.
    return invalid(done.body.message ?? '')
  },
})

/** PortOne documents no error for this: whatever stands between us and KakaoPay looks like a gateway's own answer. */
const unreachable = () => {
  const { pgCode, pgMessage } = naruFailure('NARU_UNREACHABLE')
  return { statusCode: 504, body: JSON.stringify({ error_code: pgCode, error_message: pgMessage }) }
}

/** The payment that the transaction paid: evidence for an attempt that failed would be evidence of nothing. */
const findTransaction = async (parts: Parts, principal: Principal, transactionId: string) => {
  for (const store of await storesOf(parts, principal)) {
    const paymentId = await findPaymentIdByTransaction(parts.payments.sql, store.storeId, transactionId)
    if (paymentId === undefined) continue
    const { state } = await parts.payments.process.load({ store, id: paymentId })
    if (representative(state)?.transactionId === transactionId) return { store, id: paymentId }
  }
  return undefined
}

const neededForPhysical = [
  'carrierTrackingId',
  'carrierType',
  'shippingAddressCountry',
  'shippingAddressCity',
  'shippingAddressZip',
  'shippingAddressState',
  'shippingAddressStreet',
  'shippingAddressPhone',
  'shippingAddressFirstname',
  'shippingAddressLastname',
] as const

const refuseDelivery = (body: ConfirmPaymentwallDeliveryBody) => {
  if (body.details.trim() === '') return invalid('details must not be empty.')
  if (!body.shippingAddressEmail.includes('@')) return invalid('shippingAddressEmail must be an e-mail address.')
  const index = (body.attachments ?? []).findIndex((attachment) => !URL.canParse(attachment))
  if (index >= 0) return invalid(`attachments[${index}] must be a URL.`)
  if (body.deliveryType !== 'PHYSICAL') return undefined
  const missing = neededForPhysical.filter((name) => (body[name] ?? '').trim() === '')
  return missing.length === 0 ? undefined : invalid(`${missing.join(', ')}: needed where deliveryType is PHYSICAL.`)
}
