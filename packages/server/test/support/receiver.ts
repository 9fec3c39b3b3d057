import assert from 'node:assert/strict'
import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { Webhook as PortOneWebhook } from '@portone/server-sdk'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { type Received, startReceiver } from '../../src/webhooks/testing/receiver.ts'

/** A webhook that arrived and whose signature the official SDK accepted. */
export type ReceivedWebhook = {
  readonly id: string
  readonly type: string
  /** The content of the version 2024-04-25; `{}` for the older one. */
  readonly data: Readonly<Record<string, unknown>>
  /** The fields of the version 2024-01-01; `{}` for the newer one. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type WebhookReceiver = AsyncDisposable & {
  readonly url: string
  /** All that arrived so far, in order. */
  readonly received: readonly ReceivedWebhook[]
  /** Secrets with which every webhook from now on must verify, each by itself. */
  trust(...secrets: readonly string[]): void
  /** The next webhook of this type that no call of `next` has given yet; waits for it. */
  next(
    type: string,
    about?: { readonly paymentId?: string; readonly billingKey?: string; readonly path?: string },
  ): Promise<ReceivedWebhook>
}

/** Long past any delivery in a test: who waits longer waits for something that never comes. */
const patience = 240_000

/** A merchant's server that believes only what is signed. `onForgery` hears of a webhook that does not verify. */
export const startWebhookReceiver = async (
  onForgery: (problem: string) => void,
  answer: RequestListener = (_request, response) => response.end('ok'),
): Promise<WebhookReceiver> => {
  const received: ReceivedWebhook[] = []
  const taken = new Set<ReceivedWebhook>()
  const waiting = new Set<() => void>()
  let trusted: readonly string[] = []
  const take = async (webhook: Received, respond: () => void): Promise<void> => {
    try {
      received.push(await verified(webhook, trusted))
    } catch (error) {
      onForgery(`a webhook does not verify: ${String(error)}: ${webhook.body}`)
    }
    respond()
    for (const check of waiting) check()
  }
  let last = Promise.resolve()
  const receiver = await startReceiver((request, response, webhook) => {
    // In the order in which they arrived. Answered only then: who has seen what follows from the answer finds it in `received`.
    last = last.then(() => take(webhook, () => answer(request, response)))
  })
  return {
    url: receiver.url,
    received,
    trust: (...secrets) => {
      trusted = secrets
    },
    next: (type, about = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<ReceivedWebhook>()
      const isMeant = (webhook: ReceivedWebhook) =>
        !taken.has(webhook) &&
        webhook.type === type &&
        (about.path === undefined || webhook.path === about.path) &&
        (about.billingKey === undefined || webhook.data.billingKey === about.billingKey) &&
        (about.paymentId === undefined || paymentIdOf(webhook) === about.paymentId)
      const check = () => {
        const found = received.find(isMeant)
        if (found === undefined) return
        waiting.delete(check)
        clearTimeout(timer)
        taken.add(found)
        resolve(found)
      }
      const timer = setTimeout(() => {
        waiting.delete(check)
        const seen = received.map((webhook) => `${webhook.type} ${paymentIdOf(webhook)}`).join(', ')
        reject(
          new Error(`no ${type} ${about.paymentId ?? ''} came within ${patience} ms; what came: ${seen || 'nothing'}`),
        )
      }, patience)
      waiting.add(check)
      check()
      return promise
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}

const paymentIdOf = ({ data, fields }: ReceivedWebhook): unknown => data.paymentId ?? fields.payment_id

/** Each secret must do by itself: during a rotation the receiver knows only one of them. */
const verified = async ({ headers, body, path }: Received, secrets: readonly string[]): Promise<ReceivedWebhook> => {
  const common = { id: String(headers['webhook-id']), path, headers, body }
  if (String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    // PortOne's SDK reads JSON alone; the form is signed in the same way.
    const texts = headersOf(headers)
    for (const secret of secrets) new StandardWebhook(secret).verify(body, texts, { jsonParse: false })
    const fields = Object.fromEntries(new URLSearchParams(body))
    return { ...common, type: `Transaction.${fields.status}`, data: {}, fields }
  }
  assert(secrets.length > 0, 'nobody said which secret to trust')
  for (const secret of secrets) await PortOneWebhook.verify(secret, body, headers)
  const content: { type?: string; data?: Record<string, unknown>; status?: string } = JSON.parse(body)
  if (content.type === undefined)
    return { ...common, type: `Transaction.${content.status}`, data: {}, fields: { ...content } }
  return { ...common, type: content.type, data: content.data ?? {}, fields: {} }
}

const headersOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
