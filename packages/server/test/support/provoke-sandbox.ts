import type { ErrorType, OperationId } from '@naru/contract'
import { setPlatform } from '../../src/merchants/setup.ts'
import { type Api, type Input, request } from './api.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { paid } from './paid.ts'
import { dateRange, impossible, type Provoke } from './provoke.ts'
import { card, type Order, order } from './requests.ts'

/** Errors of the sandbox's own operations. */
export const provokeSandbox = async (naru: TestNaru, { answers }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const paymentId = await paid(store)
  const through =
    (api: Api): Send =>
    (type, id, input) =>
      answers(id, type, api.send(id, input))
  await provokeAccess(naru, store, paymentId, through)
  await provokeStoreCreation(naru, store, through)
  const send = through(store.api)
  await provokeReconciliation(send)
  await provokeIntervention(send, paymentId)
  await provokeWindow(send, store, paymentId)
  await provokeDefinitions(naru, store, { through, answers })
}

/** What partner settlement computes with: of the merchant, never of one store, and never of a live platform. */
const provokeDefinitions = async (
  naru: TestNaru,
  { api }: TestStore,
  { through, answers }: Pick<Provoke, 'answers'> & { readonly through: Through },
) => {
  const each = async (api: Api, type: ErrorType, input: { query?: { test: boolean } } = {}) => {
    await through(api)(type, 'getSandboxPlatformDefinitions', input)
    await through(api)(type, 'setSandboxPlatformDefinitions', { body: {}, ...input })
  }
  await each(naru.clientsOf('no-such-secret').api, 'UNAUTHORIZED')
  await each(api, 'FORBIDDEN')
  const { sql } = naru.database
  const merchant = await naru.newMerchant()
  const [{ merchantId }] = await sql<[{ merchantId: string }]>`
    select merchant_id as "merchantId" from stores where store_id = ${merchant.storeId}`
  await setPlatform(sql, merchantId, { platform: false })
  const other = await naru.another()
  await each(other.clientsOf(merchant.apiSecret).api, 'PLATFORM_NOT_ENABLED')
  const send = through(naru.api)
  const unclear = { method: 'GET', path: '/sandbox/platform/definitions?test=maybe' }
  const headers = { authorization: `PortOne ${naru.apiSecret}` }
  await answers('getSandboxPlatformDefinitions', 'INVALID_REQUEST', request(naru.url, { ...unclear, headers }))
  const formula = { formula: 'ORDER_AMOUNT *', roundType: 'DOWN' } as const
  await send('PLATFORM_INVALID_SETTLEMENT_FORMULA', 'setSandboxPlatformDefinitions', {
    body: { formulas: { settlement: formula } },
  })
  await send('INVALID_REQUEST', 'setSandboxPlatformDefinitions', {
    body: { userDefinedFormulas: [{ key: 'ORDER_AMOUNT', ...formula }] },
  })
}

/** Sends a request that must be answered with the error. */
type Send = <Id extends OperationId>(type: ErrorType, id: Id, input?: Input<Id>) => Promise<void>

type Through = (api: Api) => Send

/** A secret that is none, a store out of reach, and an id that no text can be: of every operation. */
const provokeAccess = async (naru: TestNaru, store: TestStore, paymentId: string, through: Through) => {
  const stranger = naru.clientsOf('no-such-secret').api
  for (const [send, storeId, type] of [
    [through(stranger), store.storeId, 'UNAUTHORIZED'],
    [through(store.api), naru.storeId, 'FORBIDDEN'],
    [through(store.api), impossible, 'INVALID_REQUEST'],
  ] as const) {
    const at = { storeId }
    const { channelKey } = store
    await send(type, 'resetSandboxStore', { body: at })
    await provokeClockAccess(send, type, at)
    await provokePaymentAccess(send, type, { paymentId, channelKey, at })
    await provokeOtherAccess(send, type, { channelKey, at })
  }
}

type At = { readonly storeId: string }

const provokeClockAccess = async (send: Send, type: ErrorType, at: At) => {
  await send(type, 'getSandboxClock', { query: at })
  await send(type, 'stopSandboxClock', { body: at })
  await send(type, 'startSandboxClock', { body: at })
  await send(type, 'advanceSandboxClock', { body: { ...at, seconds: 1 } })
}

type PaymentAt = { readonly paymentId: string; readonly channelKey: string; readonly at: At }

const provokePaymentAccess = async (send: Send, type: ErrorType, { paymentId, channelKey, at }: PaymentAt) => {
  const path = { paymentId }
  await send(type, 'getSandboxLedger', { query: at })
  await send(type, 'depositSandboxPayment', { path, body: at })
  await send(type, 'resolveSandboxPayment', { path, body: { ...at, as: 'FAILED' } })
  await send(type, 'disputeSandboxPayment', { path, body: { ...at, as: 'WON' } })
  await send(type, 'approveSandboxPayment', { path, body: at })
  await send(type, 'expireSandboxPayment', { path, body: at })
  await send(type, 'reverseSandboxPayment', { path, body: at })
  await send(type, 'progressSandboxEscrow', { path, body: { ...at, status: 'DELIVERED' } })
  await send(type, 'deliverSandboxNotification', { path: { notificationId: 'no-such-notification' }, body: at })
  await send(type, 'authenticateSandboxPayment', { path, body: { ...order(channelKey), ...at } })
}

type ChannelAt = { readonly channelKey: string; readonly at: At }

const provokeOtherAccess = async (send: Send, type: ErrorType, { channelKey, at }: ChannelAt) => {
  const person = { identityVerificationId: 'i' }
  await send(type, 'openSandboxIdentityVerification', { path: person, body: { channelKey, ...at } })
  await send(type, 'approveSandboxIdentityVerification', { path: person, body: at })
  const days = { channelKey, kind: 'TRANSACTION', ...dateRange, ...at } as const
  await send(type, 'produceSandboxReconciliationFile', { body: days })
  await send(type, 'importSandboxReconciliationFile', { body: { ...days, csv: '' } })
  await send(type, 'getSandboxReconciliation', { query: days })
  await send(type, 'authenticateSandboxBillingKey', { body: { channelKey, method: card(), ...at } })
  await send(type, 'renewSandboxBillingKey', { path: { billingKey: 'b' }, body: { ...card(), ...at } })
  await send(type, 'createSandboxScript', { body: { ...at, match: { operation: 'CAPTURE' }, steps: ['approve'] } })
  await send(type, 'listSandboxScripts', { query: at })
  await send(type, 'deleteSandboxScript', { path: { scriptId: 's' }, query: at })
}

const provokeStoreCreation = async (naru: TestNaru, { api }: TestStore, through: Through) => {
  await through(naru.clientsOf('no-such-secret').api)('UNAUTHORIZED', 'createSandboxStore', { body: {} })
  await through(api)('FORBIDDEN', 'createSandboxStore', { body: {} })
  for (const webhookUrl of ['nowhere', 'mailto:shop@example.com'])
    await through(naru.api)('INVALID_REQUEST', 'createSandboxStore', { body: { webhookUrl } })
}

const provokeReconciliation = async (send: Send) => {
  const elsewhere = { channelKey: 'no-such-channel', kind: 'TRANSACTION', ...dateRange } as const
  await send('CHANNEL_NOT_FOUND', 'produceSandboxReconciliationFile', { body: elsewhere })
  await send('CHANNEL_NOT_FOUND', 'importSandboxReconciliationFile', { body: { ...elsewhere, csv: '' } })
  await send('CHANNEL_NOT_FOUND', 'getSandboxReconciliation', { query: elsewhere })
}

/** What a buyer or a bank cannot do: to a payment that is not there, and to a card payment that is paid. */
const provokeIntervention = async (send: Send, paymentId: string) => {
  await send('PG_PROVIDER', 'deliverSandboxNotification', { path: { notificationId: 'no-such-notification' } })
  for (const [type, path] of [
    ['PAYMENT_NOT_FOUND', { paymentId: 'no-such-payment' }],
    ['PG_PROVIDER', { paymentId }],
  ] as const) {
    await send(type, 'depositSandboxPayment', { path, body: {} })
    await send(type, 'resolveSandboxPayment', { path, body: { as: 'FAILED' } })
    await send(type, 'disputeSandboxPayment', { path, body: { as: 'WON' } })
    await send(type, 'approveSandboxPayment', { path })
    await send(type, 'expireSandboxPayment', { path })
    await send(type, 'reverseSandboxPayment', { path })
    await send(type, 'progressSandboxEscrow', { path, body: { status: 'DELIVERED' } })
  }
}

const provokeWindow = async (send: Send, { channelKey }: TestStore, paymentId: string) => {
  const authenticate = (type: ErrorType, id: string, wanted: Order = {}, key = channelKey) =>
    send(type, 'authenticateSandboxPayment', { path: { paymentId: id }, body: order(key, wanted) })
  await authenticate('ALREADY_PAID', paymentId)
  await authenticate('CHANNEL_NOT_FOUND', 'no-such-payment', {}, 'no-such-channel')
  await authenticate('SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', 'no-such-payment', { amount: { total: 1, taxFree: 2 } })
  await authenticate('PG_PROVIDER', 'no-such-payment', { customer: { id: 'sbx-shopper-cancel' } })
}
