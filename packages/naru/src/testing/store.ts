import { type ReceivedWebhook, startReceiver, type WebhookHandler } from './receiver.ts'

export type StoreOptions = {
  /** As `sendWebhooksTo`, from the start. */
  readonly webhooksTo?: WebhookHandler
  /** Under which name the server reaches this machine; `host.docker.internal` where it runs in a container. */
  readonly webhookHost?: string
}

/** Which webhook is meant: of this type, and with these values in `data`, such as `paymentId`. */
export type WebhookMatch =
  | string
  | ({ readonly type?: string } & Readonly<Record<string, unknown>>)
  | ((webhook: ReceivedWebhook) => boolean)

export type Distance =
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number }
  | { readonly to: string }

/** A sandbox store of a test's own: its clock, payments and secrets are nobody else's. */
export type NaruStore = {
  readonly url: string
  readonly storeId: string
  readonly channelKey: string
  readonly apiSecret: string
  readonly webhookSecret: string
  /** All that came and were answered with success, in order. */
  readonly webhooks: readonly ReceivedWebhook[]
  /**
   * Where the program under test takes webhooks: its URL, or a function. Naru hears its answer, and `waitForWebhook` waits
   * for it.
   */
  sendWebhooksTo(handler: WebhookHandler): void
  /**
   * The first webhook that matches, among those that came and those to come.
   *
   * @throws after `timeout` milliseconds, 30,000 unless given, and says what came instead
   */
  waitForWebhook(match: WebhookMatch, options?: { readonly timeout?: number }): Promise<ReceivedWebhook>
  /** Moves the store's clock, and returns once everything that fell due on the way is done. */
  advance(distance: Distance): Promise<{ readonly now: string; readonly ran: readonly Ran[] }>
  /** Forgets the store's payments and webhooks, and sets its clock to real time. */
  reset(): Promise<void>
  /** Any operation, such as `call('POST', '/sandbox/scripts', { … })`. Throws where it is refused. */
  call(method: string, path: string, body?: unknown): Promise<unknown>
  /** Takes no more webhooks. The server's `stop` does this for every store. */
  close(): Promise<void>
}

/** What fell due, and when by the store's clock. */
export type Ran = { readonly source: string; readonly id: string; readonly at: string }

type Server = { readonly url: string; readonly apiSecret: string }

export const createStore = async (
  { url, apiSecret: merchantSecret }: Server,
  { webhooksTo, webhookHost = '127.0.0.1' }: StoreOptions,
): Promise<NaruStore> => {
  const receiver = await startReceiver(webhooksTo, webhookHost)
  try {
    const created = await callApi(url, merchantSecret, 'POST', '/sandbox/stores', { webhookUrl: receiver.url })
    const { storeId, channelKey, apiSecret, webhookSecret }: Record<string, string> = Object(created)
    if (!storeId || !channelKey || !apiSecret || !webhookSecret) throw new Error(`${url} is no Naru.`)
    receiver.trust(webhookSecret)
    const call = (method: string, path: string, body?: unknown) => callApi(url, apiSecret, method, path, body)
    return {
      url,
      storeId,
      channelKey,
      apiSecret,
      webhookSecret,
      webhooks: receiver.received,
      sendWebhooksTo: receiver.passTo,
      waitForWebhook: (match, { timeout = 30_000 } = {}) => waitFor(receiver, match, timeout),
      advance: async (distance) => {
        const { now, ran }: { now: string; ran: readonly Ran[] } = Object(
          await call('POST', '/sandbox/clock/advance', distance),
        )
        return { now, ran }
      },
      reset: async () => {
        await call('POST', '/sandbox/reset', {})
        receiver.forget()
      },
      call,
      close: receiver.close,
    }
  } catch (error) {
    await receiver.close()
    throw error
  }
}

const waitFor = (
  receiver: { readonly received: readonly ReceivedWebhook[]; onReceived(listener: () => void): () => void },
  match: WebhookMatch,
  timeout: number,
): Promise<ReceivedWebhook> =>
  new Promise((resolve, reject) => {
    const matches = matcher(match)
    const look = () => {
      const found = receiver.received.find(matches)
      if (found === undefined) return
      end()
      resolve(found)
    }
    const timer = setTimeout(() => {
      end()
      const came = receiver.received.map(({ type, data }) => `${type} ${JSON.stringify(data)}`)
      const wanted = typeof match === 'function' ? 'that webhook' : JSON.stringify(match)
      reject(new Error(`${wanted} did not come within ${timeout} ms. ${came.length} came:\n${came.join('\n')}`))
    }, timeout)
    const stopListening = receiver.onReceived(look)
    const end = () => {
      clearTimeout(timer)
      stopListening()
    }
    look()
  })

const matcher = (match: WebhookMatch): ((webhook: ReceivedWebhook) => boolean) => {
  if (typeof match === 'function') return match
  const { type, ...data } = typeof match === 'string' ? { type: match } : match
  return (webhook) =>
    (type === undefined || webhook.type === type) &&
    Object.entries(data).every(([name, value]) => webhook.data[name] === value)
}

const callApi = async (url: string, secret: string, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `PortOne ${secret}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const content: unknown = await answer.json()
  if (answer.ok) return content
  const { type, message } = Object(content)
  throw new Error(`${method} ${path} answered ${answer.status} ${type}: ${message ?? ''}`)
}
