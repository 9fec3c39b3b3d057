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

const withStore = (url: string, credentials: SandboxCredentials): string => {
  const { storeId, isRepresentative, channelKey, apiSecret, webhookSecret } = credentials
  const body = JSON.stringify({
    ...(isRepresentative ? {} : { storeId }),
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
    -H ${quoted(`Authorization: PortOne ${apiSecret ?? '<API secret>'}`)} \\
    -d ${quoted(body)}

`
}

/** For the shell: what people choose may have an apostrophe. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
