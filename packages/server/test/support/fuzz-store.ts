import { addChannel } from './channels.ts'
import { type Books, farAhead, times } from './fuzz-books.ts'
import {
  billingKeysOf,
  filesOf,
  promotionsOf,
  receiptsOf,
  scriptsOf,
  sessionsOf,
  verificationsOf,
} from './fuzz-modules.ts'
import { companiesOf, paymentsOf } from './fuzz-payments.ts'
import { platformOf } from './fuzz-platform.ts'
import type { TestNaru, TestStore } from './naru.ts'
import { requestFor } from './provoke-verifying.ts'
import { card, refundAccount, virtualAccount } from './requests.ts'

/** Has one of everything in a new store, several where a request uses it up. */
export const fillBooks = async (naru: TestNaru, store: TestStore, noticeUrl: string): Promise<readonly Books[]> => {
  // Before the first request: a server remembers its stores for a while.
  const channels = {
    inicis: await addChannel(naru, store.storeId, 'INICIS_V2'),
    kakao: await addChannel(naru, store.storeId, 'KAKAOPAY'),
    kcp: await addChannel(naru, store.storeId, 'KCP_V2'),
    paymentwall: await addChannel(naru, store.storeId, 'PAYMENTWALL'),
  }
  return [
    await valuesOf(store, noticeUrl),
    await paymentsOf(store),
    await companiesOf(store, channels),
    await billingKeysOf(store),
    await receiptsOf(store),
    await promotionsOf(store),
    await verificationsOf(store),
    await filesOf(store),
    await scriptsOf(store),
    await sessionsOf(naru, store),
    await platformOf(store),
  ]
}

/** What stands in requests and is no id. */
const valuesOf = async ({ api, apiSecret, storeId, channelKey }: TestStore, noticeUrl: string): Promise<Books> => {
  const tokens = await times(3, () => api.call('loginViaApiSecret', { body: { apiSecret } }))
  const refreshTokens = tokens.map(({ refreshToken }) => refreshToken)
  const { customer } = requestFor(channelKey, '')
  const known = {
    storeId: [storeId],
    channelKey: [channelKey],
    apiSecret: [apiSecret],
    refreshToken: refreshTokens,
    method: [card(), virtualAccount()],
    card: [card().card],
    credential: [card().card.credential],
    number: ['4242424242424242', '4000000000000002'],
    expiryYear: ['39'],
    expiryMonth: ['12'],
    currency: ['KRW'],
    country: ['KR'],
    total: [10_000, 500, 990_001],
    totalAmount: [10_000],
    amount: [10_000, 1],
    customer: [{ id: 'someone' }, customer],
    phoneNumber: [customer.phoneNumber],
    identityNumber: [customer.identityNumber],
    otp: ['000000', '111111'],
    refundAccount: [refundAccount],
    noticeUrls: [[noticeUrl]],
    webhookUrl: [noticeUrl],
    days: [1],
    hours: [1],
    minutes: [1],
    seconds: [1],
    timeToPay: [farAhead],
    endAt: [farAhead],
    page: [{ number: 0, size: 20 }],
    size: [20],
  }
  const refreshes = refreshTokens.map((refreshToken) => ({ body: { refreshToken } }))
  return { known, together: { refreshToken: refreshes } }
}
