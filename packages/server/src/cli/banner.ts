import type { SandboxCredentials } from '../merchants/bootstrap.ts'

const unknown = '(created earlier; create a new one with: naru secret create)'

/** What a developer needs to start, with a command that makes a payment. */
export const banner = (url: string, credentials: SandboxCredentials | undefined): string =>
  credentials === undefined ? withoutStore(url) : withStore(url, credentials)

const withoutStore = (url: string): string => `
  Naru is ready

  API URL         ${url}
  Docs            ${url}/docs

  Stores are made with: naru store create. For a sandbox store from the start, set NARU_STORE_ID and NARU_API_SECRET.

`

const withStore = (url: string, { storeId, channelKey, apiSecret, webhookSecret }: SandboxCredentials): string => {
  const body = JSON.stringify({
    channelKey,
    orderName: 'First order',
    amount: { total: 1000 },
    currency: 'KRW',
    method: { card: { credential: { number: '4242424242424242', expiryYear: '30', expiryMonth: '12' } } },
  })
  return `
  Naru is ready

  API URL         ${url}
  Store id        ${storeId}
  API secret      ${apiSecret ?? unknown}
  Channel key     ${channelKey}
  Webhook secret  ${webhookSecret}
  Docs            ${url}/docs

  Make a payment:

  curl -X POST ${url}/payments/order-1/instant \\
    -H 'Authorization: PortOne ${apiSecret ?? '<API secret>'}' \\
    -d '${body}'

`
}
