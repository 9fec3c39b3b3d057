import type { SandboxCredentials } from '../merchants/bootstrap.ts'

const unknown = '(made on the first start; see credentials.json, or make a new one with: naru secret create)'

/** What a developer needs to begin, and a command that makes a payment. */
export const banner = (url: string, credentials: SandboxCredentials): string => {
  const { storeId, channelKey, apiSecret = unknown, webhookSecret = unknown } = credentials
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
  API secret      ${apiSecret}
  Channel key     ${channelKey}
  Webhook secret  ${webhookSecret}
  Docs            ${url}/docs

  Make a payment:

  curl -X POST ${url}/payments/order-1/instant \\
    -H 'Authorization: PortOne ${apiSecret}' \\
    -d '${body}'

`
}
