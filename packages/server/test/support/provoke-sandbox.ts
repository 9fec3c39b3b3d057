import type { TestNaru } from './naru.ts'
import { paid } from './paid.ts'
import { dateRange, impossible, type Provoke } from './provoke.ts'
import { card, type Order, order } from './requests.ts'

/** Errors of the sandbox's own operations. */
export const provokeSandbox = async (naru: TestNaru, { answers }: Provoke): Promise<void> => {
  const store = await naru.newStore()
  const { api, channelKey } = store
  const path = { paymentId: await paid(store) }
  const unknown = { paymentId: 'no-such-payment' }
  const notification = { notificationId: 'no-such-notification' }
  for (const [clients, storeId, type] of [
    [naru.clientsOf('no-such-secret').api, store.storeId, 'UNAUTHORIZED'],
    [api, naru.storeId, 'FORBIDDEN'],
    [api, impossible, 'INVALID_REQUEST'],
  ] as const) {
    const at = { storeId }
    await answers('resetSandboxStore', type, clients.send('resetSandboxStore', { body: at }))
    await answers('getSandboxClock', type, clients.send('getSandboxClock', { query: at }))
    await answers('stopSandboxClock', type, clients.send('stopSandboxClock', { body: at }))
    await answers('startSandboxClock', type, clients.send('startSandboxClock', { body: at }))
    const advance = clients.send('advanceSandboxClock', { body: { ...at, seconds: 1 } })
    await answers('advanceSandboxClock', type, advance)
    await answers('getSandboxLedger', type, clients.send('getSandboxLedger', { query: at }))
    await answers('depositSandboxPayment', type, clients.send('depositSandboxPayment', { path, body: at }))
    const resolve = clients.send('resolveSandboxPayment', { path, body: { ...at, as: 'FAILED' } })
    await answers('resolveSandboxPayment', type, resolve)
    const dispute = clients.send('disputeSandboxPayment', { path, body: { ...at, as: 'WON' } })
    await answers('disputeSandboxPayment', type, dispute)
    for (const id of ['approveSandboxPayment', 'expireSandboxPayment', 'reverseSandboxPayment'] as const)
      await answers(id, type, clients.send(id, { path, body: at }))
    const goods = clients.send('progressSandboxEscrow', { path, body: { ...at, status: 'DELIVERED' } })
    await answers('progressSandboxEscrow', type, goods)
    const delivered = clients.send('deliverSandboxNotification', { path: notification, body: at })
    await answers('deliverSandboxNotification', type, delivered)
    const body = { ...order(channelKey), ...at }
    const authenticate = clients.send('authenticateSandboxPayment', { path, body })
    await answers('authenticateSandboxPayment', type, authenticate)
    const person = { identityVerificationId: 'i' }
    const opening = { path: person, body: { channelKey, ...at } }
    const opened = clients.send('openSandboxIdentityVerification', opening)
    await answers('openSandboxIdentityVerification', type, opened)
    const approval = clients.send('approveSandboxIdentityVerification', { path: person, body: at })
    await answers('approveSandboxIdentityVerification', type, approval)
    const days = { channelKey, kind: 'TRANSACTION' as const, ...dateRange, ...at }
    const file = clients.send('produceSandboxReconciliationFile', { body: days })
    await answers('produceSandboxReconciliationFile', type, file)
    const imported = clients.send('importSandboxReconciliationFile', { body: { ...days, csv: '' } })
    await answers('importSandboxReconciliationFile', type, imported)
    await answers('getSandboxReconciliation', type, clients.send('getSandboxReconciliation', { query: days }))
    const window = { body: { channelKey, method: card(), ...at } }
    const show = clients.send('authenticateSandboxBillingKey', window)
    await answers('authenticateSandboxBillingKey', type, show)
    const script = { ...at, match: { operation: 'CAPTURE' as const }, steps: ['approve'] }
    await answers('createSandboxScript', type, clients.send('createSandboxScript', { body: script }))
    await answers('listSandboxScripts', type, clients.send('listSandboxScripts', { query: at }))
    const unscripted = clients.send('deleteSandboxScript', { path: { scriptId: 's' }, query: at })
    await answers('deleteSandboxScript', type, unscripted)
    const renewal = { path: { billingKey: 'b' }, body: { ...card(), ...at } }
    await answers('renewSandboxBillingKey', type, clients.send('renewSandboxBillingKey', renewal))
  }
  const { api: stranger } = naru.clientsOf('no-such-secret')
  await answers('createSandboxStore', 'UNAUTHORIZED', stranger.send('createSandboxStore', { body: {} }))
  await answers('createSandboxStore', 'FORBIDDEN', api.send('createSandboxStore', { body: {} }))
  for (const webhookUrl of ['nowhere', 'mailto:shop@example.com']) {
    const nowhere = { body: { webhookUrl } }
    await answers('createSandboxStore', 'INVALID_REQUEST', naru.api.send('createSandboxStore', nowhere))
  }

  const nowhereElse = { channelKey: 'no-such-channel', kind: 'TRANSACTION' as const, ...dateRange }
  const produce = api.send('produceSandboxReconciliationFile', { body: nowhereElse })
  await answers('produceSandboxReconciliationFile', 'CHANNEL_NOT_FOUND', produce)
  const take = api.send('importSandboxReconciliationFile', { body: { ...nowhereElse, csv: '' } })
  await answers('importSandboxReconciliationFile', 'CHANNEL_NOT_FOUND', take)
  const compare = api.send('getSandboxReconciliation', { query: nowhereElse })
  await answers('getSandboxReconciliation', 'CHANNEL_NOT_FOUND', compare)

  const notify = api.send('deliverSandboxNotification', { path: notification })
  await answers('deliverSandboxNotification', 'PG_PROVIDER', notify)
  const deposit = (at: { paymentId: string }) => api.send('depositSandboxPayment', { path: at, body: {} })
  await answers('depositSandboxPayment', 'PAYMENT_NOT_FOUND', deposit(unknown))
  await answers('depositSandboxPayment', 'PG_PROVIDER', deposit(path))
  const resolve = (at: { paymentId: string }) => api.send('resolveSandboxPayment', { path: at, body: { as: 'FAILED' } })
  await answers('resolveSandboxPayment', 'PAYMENT_NOT_FOUND', resolve(unknown))
  await answers('resolveSandboxPayment', 'PG_PROVIDER', resolve(path))
  const dispute = (at: { paymentId: string }) => api.send('disputeSandboxPayment', { path: at, body: { as: 'WON' } })
  await answers('disputeSandboxPayment', 'PAYMENT_NOT_FOUND', dispute(unknown))
  await answers('disputeSandboxPayment', 'PG_PROVIDER', dispute(path))
  for (const id of ['approveSandboxPayment', 'expireSandboxPayment', 'reverseSandboxPayment'] as const) {
    await answers(id, 'PAYMENT_NOT_FOUND', api.send(id, { path: unknown }))
    await answers(id, 'PG_PROVIDER', api.send(id, { path }))
  }
  const deliver = (at: { paymentId: string }) =>
    api.send('progressSandboxEscrow', { path: at, body: { status: 'DELIVERED' } })
  await answers('progressSandboxEscrow', 'PAYMENT_NOT_FOUND', deliver(unknown))
  await answers('progressSandboxEscrow', 'PG_PROVIDER', deliver(path))
  const authenticate = (at: { paymentId: string }, wanted: Order = {}, key = channelKey) =>
    api.send('authenticateSandboxPayment', { path: at, body: order(key, wanted) })
  await answers('authenticateSandboxPayment', 'ALREADY_PAID', authenticate(path))
  await answers('authenticateSandboxPayment', 'CHANNEL_NOT_FOUND', authenticate(unknown, {}, 'no-such-channel'))
  const tooFree = authenticate(unknown, { amount: { total: 1, taxFree: 2 } })
  await answers('authenticateSandboxPayment', 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT', tooFree)
  const gone = authenticate(unknown, { customer: { id: 'sbx-shopper-cancel' } })
  await answers('authenticateSandboxPayment', 'PG_PROVIDER', gone)
}
