/**
 * A shop that sells a monthly subscription, and a rehearsal of its first year.
 *
 *   npm start                                           in one terminal
 *   API_SECRET=… node examples/subscription-shop.mjs    in another; the secret is in the banner
 *
 * Everything above the line «Rehearsal» is what a shop would run in production, with PortOne's own SDK.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { PortOneClient, RestError, Webhook } from '@portone/server-sdk'

const baseUrl = process.env.API_URL ?? 'http://localhost:8686'
const price = 9_900
const retries = 3
const retryAfterDays = 3

/** A shop in a store of its own. `log` is told what happens; the shop's own database would be told the same. */
const openShop = ({ apiSecret, channelKey, webhookSecret }, log) => {
  const { payment: payments } = PortOneClient({ secret: apiSecret, baseUrl })
  const subscriptions = new Map()
  const seen = new Set()

  /** Stores the card, charges the first month at once, and leaves the rest to the webhooks. */
  const subscribe = async (customer, card) => {
    const issued = await payments.billingKey.issueBillingKey({
      channelKey,
      method: { card: { credential: card } },
      customer: { id: customer },
    })
    const { billingKey } = issued.billingKeyInfo
    subscriptions.set(customer, { billingKey })
    await payments.payWithBillingKey({ paymentId: paymentIdOf(customer, 0, 0), billingKey, ...orderOf(customer) })
  }

  /**
   * A webhook may come twice: one that was seen is ignored, unless we failed at it. In a database its id is written in the
   * transaction of what it changes.
   */
  const receive = async (body, headers) => {
    const webhook = await Webhook.verify(webhookSecret, body, headers)
    const id = headers['webhook-id']
    if (seen.has(id)) return
    seen.add(id)
    try {
      if (webhook.type === 'Transaction.Paid' || webhook.type === 'Transaction.Failed') await follow(webhook.data)
    } catch (error) {
      seen.delete(id)
      throw error
    }
  }

  /** Webhooks may come in any order: the payment is read, and its id says what comes next. */
  const follow = async ({ paymentId }) => {
    const payment = await payments.getPayment({ paymentId })
    const [customer, month, attempt] = readPaymentId(payment.id)
    const subscription = subscriptions.get(customer)
    if (payment.status === 'PAID') {
      log(payment.paidAt, customer, `paid ${payment.amount.paid}`)
      subscription.since ??= payment.paidAt
      await schedule(customer, month + 1, 0, monthsAfter(subscription.since, month + 1))
    } else if (payment.status === 'FAILED') {
      log(payment.failedAt, customer, `declined: ${payment.failure.pgMessage}`)
      if (attempt < retries) await schedule(customer, month, attempt + 1, daysAfter(payment.failedAt, retryAfterDays))
      else await end(payment.failedAt, customer)
    }
  }

  /** The id is made of what is charged: the same month cannot be scheduled twice, however often we are told. */
  const schedule = async (customer, month, attempt, timeToPay) => {
    const { billingKey } = subscriptions.get(customer)
    const payment = { billingKey, ...orderOf(customer) }
    await payments.paymentSchedule
      .createPaymentSchedule({ paymentId: paymentIdOf(customer, month, attempt), payment, timeToPay })
      .catch((error) => {
        const isThere = ['PAYMENT_SCHEDULE_ALREADY_EXISTS', 'ALREADY_PAID_OR_WAITING']
        if (!(error instanceof RestError && isThere.includes(error.data.type))) throw error
      })
  }

  const end = async (at, customer) => {
    await payments.billingKey.deleteBillingKey({ billingKey: subscriptions.get(customer).billingKey })
    log(at, customer, 'subscription ended')
  }

  return { subscribe, receive }
}

const orderOf = (customer) => ({
  orderName: 'Monthly subscription',
  amount: { total: price },
  currency: 'KRW',
  customer: { id: customer },
})

const paymentIdOf = (customer, month, attempt) => `${customer}.${month}.${attempt}`
const readPaymentId = (paymentId) => {
  const [customer, month, attempt] = paymentId.split('.')
  return [customer, Number(month), Number(attempt)]
}

/** The same day of a later month, or its last: after 31 January comes 28 February, then 31 March. */
const monthsAfter = (instant, months) => {
  const date = new Date(instant)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.toISOString()
}
const daysAfter = (instant, days) => new Date(Date.parse(instant) + days * 86_400_000).toISOString()

// ————— Rehearsal: a store, a clock, and a year —————

const sandbox = async (secret, path, body) => {
  const headers = { authorization: `PortOne ${secret}` }
  const answer = await fetch(`${baseUrl}/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const content = await answer.json()
  if (!answer.ok) throw new Error(`${path}: ${content.message}`)
  return content
}

const rehearse = async () => {
  let shop
  const problems = []
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    await shop.receive(body, request.headers).catch((problem) => problems.push(problem))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const webhookUrl = `http://127.0.0.1:${server.address().port}`
  const store = await sandbox(process.env.API_SECRET, 'stores', { name: 'Subscription shop', webhookUrl })
  const lines = []
  shop = openShop(store, (at, customer, what) => lines.push(`${at.slice(0, 10)}  ${customer.padEnd(4)}  ${what}`))

  // Ben's third month is declined once. From her fifth month on, Cho's card is over its limit.
  const script = (customerId, steps) =>
    sandbox(store.apiSecret, 'scripts', { match: { operation: 'CHARGE_BILLING_KEY', customerId }, steps })
  await script('ben', ['approve', 'approve', 'decline-insufficient'])
  await script('cho', [...Array(4).fill('approve'), ...Array(1 + retries).fill('decline-limit')])

  await sandbox(store.apiSecret, 'clock/stop', {})
  await sandbox(store.apiSecret, 'clock/advance', { to: '2028-01-31T00:00:00Z' })
  const card = { number: '4242424242424242', expiryYear: '49', expiryMonth: '12' }
  const started = performance.now()
  for (const customer of ['ana', 'ben', 'cho']) await shop.subscribe(customer, card)
  await sandbox(store.apiSecret, 'clock/advance', { days: 365 })
  const seconds = (performance.now() - started) / 1000
  // Twice, as it happens: the shop must not take one payment for two.
  await PortOneClient({ secret: store.apiSecret, baseUrl }).payment.resendWebhook({
    paymentId: paymentIdOf('ana', 0, 0),
  })

  server.close()
  server.closeAllConnections()
  if (problems.length > 0) throw problems[0]
  process.stdout.write(`${lines.sort(byDayAndCustomer).join('\n')}\n`)
  process.stderr.write(`A year in ${seconds.toFixed(1)} s.\n`)
}

/** Charges of one day run side by side; what is said of one customer on one day stays in order. */
const byDayAndCustomer = (one, other) => one.slice(0, 16).localeCompare(other.slice(0, 16))

const explain = (error) => {
  process.stderr.write(`${error.cause?.message ?? error.message}\n`)
  process.exit(1)
}

if (process.env.API_SECRET) await rehearse().catch(explain)
else {
  process.stderr.write(
    'Set API_SECRET to the API secret that `npm start` shows, and API_URL where it is not on port 8686.\n',
  )
  process.exitCode = 2
}
