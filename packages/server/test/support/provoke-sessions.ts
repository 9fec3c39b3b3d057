import { setProfile } from '../../src/checkout/sessions/profile.ts'
import type { TestNaru } from './naru.ts'
import { impossible, type Provoke } from './provoke.ts'
import { newPaymentId } from './requests.ts'

export const provokeSessions = async (naru: TestNaru, { answers }: Provoke): Promise<void> => {
  const { api, storeId, advance } = await naru.newStore()
  const profileKey = `profile-${storeId}`
  await setProfile(naru.database.sql, { storeId, profileKey, name: 'Profile', isForTest: true, entries: [] })
  const [country, currency] = ['KR', 'KRW'] as const
  const order = { paymentId: newPaymentId(), country, currency, totalAmount: 1_000, orderName: 'Order', profileKey }
  const create = (clients: typeof api, change: object = {}) =>
    clients.send('createPaymentSession', { body: { storeId, ...order, ...change } })
  const stranger = naru.clientsOf('no-such-secret').api
  await answers('createPaymentSession', 'UNAUTHORIZED', create(stranger))
  await answers('createPaymentSession', 'FORBIDDEN', create(api, { storeId: naru.storeId }))
  await answers('createPaymentSession', 'INVALID_REQUEST', create(api, { totalAmount: 0 }))
  await answers('createPaymentSession', 'MAX_TTL_EXCEEDED', create(api, { ttlSeconds: 31 * 86_400 }))
  const { sessionId } = await api.call('createPaymentSession', { body: { storeId, ...order, ttlSeconds: 60 } })
  const close = (clients: typeof api, id: string) => clients.send('closePaymentSession', { path: { sessionId: id } })
  const other = await naru.newStore()
  await answers('closePaymentSession', 'UNAUTHORIZED', close(stranger, sessionId))
  await answers('closePaymentSession', 'FORBIDDEN', close(other.api, sessionId))
  await answers('closePaymentSession', 'INVALID_REQUEST', close(api, impossible))
  await answers('closePaymentSession', 'SESSION_NOT_FOUND', close(api, 'no-such-session'))
  const read = (id: string) => api.send('getPaymentSession', { path: { sessionId: id } })
  await answers('getPaymentSession', 'INVALID_REQUEST', read(impossible))
  await answers('getPaymentSession', 'SESSION_NOT_FOUND', read('no-such-session'))
  await advance({ seconds: 61 })
  await answers('getPaymentSession', 'SESSION_EXPIRED', read(sessionId))
  const evaluate = (change: object) =>
    api.send('evaluateCheckoutProfile', { query: { profileKey, country, currency, amount: 1, ...change } })
  await answers('evaluateCheckoutProfile', 'INVALID_REQUEST', evaluate({ amount: 0 }))
  await answers('evaluateCheckoutProfile', 'PROFILE_SETTINGS_NOT_FOUND', evaluate({ profileKey: 'no-such-profile' }))
}
