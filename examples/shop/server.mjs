/**
 * A shop in three parts: a page that pays with PortOne's browser SDK, a server that believes only what it has read from
 * the API, and a webhook.
 *
 *   npm start                                     in one terminal
 *   node examples/shop/server.mjs                 in another, then http://localhost:3000
 *   npm test -- examples/shop/server.test.mjs     its test, which needs neither
 *
 * In production `@portone/browser-sdk` comes out of a bundler. Here it is served as it is, so that there is nothing to build.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PortOneClient, Webhook } from '@portone/server-sdk'

const port = Number(process.env.SHOP_PORT ?? 3000)

const { API_URL, STORE_ID, CHANNEL_KEY, API_SECRET, WEBHOOK_SECRET } = process.env
const fromEnvironment = {
  storeId: STORE_ID,
  channelKey: CHANNEL_KEY,
  apiSecret: API_SECRET,
  webhookSecret: WEBHOOK_SECRET,
}

/** Where Naru's data is: the same variable as the server's, which by default keeps it in this checkout. */
const dataDirectory = process.env.NARU_DATA_DIR ?? fileURLToPath(new URL('../../.naru', import.meta.url))

/** All five from the environment, or those of the first sandbox store, which the server writes where only its owner reads. */
const readSettings = () => {
  if (Object.values(fromEnvironment).every(Boolean))
    return { url: API_URL ?? 'http://localhost:8686', ...fromEnvironment }
  try {
    return JSON.parse(readFileSync(join(dataDirectory, 'credentials.json'), 'utf8'))
  } catch {
    process.stderr.write(
      `There is no credentials.json in ${dataDirectory}. Start Naru in this checkout first (npm start), set NARU_DATA_DIR as ` +
        'the server has it, or set STORE_ID, CHANNEL_KEY, API_SECRET and WEBHOOK_SECRET.\n',
    )
    process.exit(1)
  }
}

const { url, storeId, channelKey, apiSecret, webhookSecret } = readSettings()
const { payment: payments } = PortOneClient({ secret: apiSecret, baseUrl: url })
const item = { name: '맛있는 귤 한 상자', price: 50_000, vat: 4_545 }
/** In production only a channel that moves money counts: anybody can pay through a test channel. */
const channelType = process.env.NODE_ENV === 'production' ? 'LIVE' : 'TEST'

/** What the shop's database would hold: the orders, and what is known of their payment. */
const orders = new Map()

/** The amount is announced by the server, so that nobody can change it in the browser. */
const createOrder = async () => {
  const paymentId = `order-${crypto.randomUUID()}`
  await payments.preRegisterPayment({ paymentId, totalAmount: item.price, taxFreeAmount: 0, currency: 'KRW' })
  orders.set(paymentId, 'WAITING')
  const request = { storeId, channelKey, paymentId, orderName: item.name, totalAmount: item.price, currency: 'KRW' }
  const shop = `http://localhost:${server.address().port}`
  return { ...request, payMethod: 'CARD', redirectUrl: `${shop}/done`, noticeUrls: [`${shop}/webhook`] }
}

/** What the browser says is a hint: the payment is read, and held against the order. */
const complete = async (paymentId) => {
  if (!orders.has(paymentId)) return 'UNKNOWN'
  const payment = await payments.getPayment({ paymentId })
  const isOurs =
    payment.status === 'PAID' &&
    payment.amount.total === item.price &&
    payment.amount.taxFree === 0 &&
    payment.amount.vat === item.vat &&
    payment.currency === 'KRW' &&
    payment.channel.type === channelType
  orders.set(paymentId, isOurs ? 'PAID' : payment.status)
  return orders.get(paymentId)
}

/** The browser may be gone before it can tell: the webhook comes in any case, and may come first. */
const receive = async (body, headers) => {
  const webhook = await Webhook.verify(webhookSecret, body, headers)
  if ('paymentId' in webhook.data) await complete(webhook.data.paymentId)
}

const browserSdk = join(dirname(createRequire(import.meta.url).resolve('@portone/browser-sdk/v2')), 'v2.js')
const page = () => readFileSync(new URL('page.html', import.meta.url), 'utf8').replaceAll('{{NARU}}', url)

const routes = {
  'GET /': () => html(page()),
  'GET /portone.js': () => ({ type: 'text/javascript', body: readFileSync(browserSdk) }),
  'POST /orders': async () => json(await createOrder()),
  'POST /complete': async ({ body }) => json({ status: await complete(JSON.parse(body).paymentId) }),
  // Where a telephone comes back to. The ids in the address prove nothing, either.
  'GET /done': async ({ query }) =>
    html(`<h1>${await complete(query.get('paymentId'))}</h1><p><a href="/">Back</a></p>`),
  'POST /webhook': async ({ body, headers }) => {
    await receive(body, headers)
    return json({})
  },
}

const html = (body) => ({ type: 'text/html; charset=utf-8', body })
const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) })

const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://localhost:${port}`)
  const answer = routes[`${request.method} ${url.pathname}`]
  if (!answer) return response.writeHead(404).end()
  try {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { type, body: sent } = await answer({ query: url.searchParams, headers: request.headers, body })
    response.writeHead(200, { 'content-type': type }).end(sent)
  } catch (error) {
    response.writeHead(400).end(String(error))
  }
})

server.on('error', (error) => {
  process.stderr.write(`The shop cannot open: ${error.message}. Set SHOP_PORT to another port.\n`)
  process.exit(1)
})

server.listen(port, () => {
  process.stdout.write(`The shop is open: http://localhost:${server.address().port}\n`)
})
