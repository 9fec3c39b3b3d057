import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { Webhook as StandardWebhook } from 'standardwebhooks'

/** A webhook that came, was signed rightly, and was answered with success. */
export type ReceivedWebhook = {
  /** The same where it was sent again. */
  readonly id: string
  /** Such as `Transaction.Paid`. */
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** As it was sent, for PortOne's `Webhook.verify`. */
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Who else gets every webhook, and answers it: a URL of the program under test, or a function. Where it fails, Naru is told
 * so and sends the webhook again, as it would in production.
 */
export type WebhookHandler = string | ((body: string, headers: Readonly<Record<string, string>>) => unknown)

export type Receiver = {
  readonly url: string
  readonly received: readonly ReceivedWebhook[]
  passTo(handler: WebhookHandler): void
  /** Before anything is sent, the secret of the store that sends it. */
  trust(secret: string): void
  /** Calls back after each that came; returns what ends that. */
  onReceived(listener: () => void): () => void
  forget(): void
  close(): Promise<void>
}

/** Takes a store's webhooks, at an address that Naru reaches under the name `host`. */
export const startReceiver = async (first: WebhookHandler | undefined, host: string): Promise<Receiver> => {
  let handler = first
  let secret = ''
  const received: ReceivedWebhook[] = []
  const listeners = new Set<() => void>()
  const answer = async (request: IncomingMessage): Promise<number> => {
    const body = Buffer.concat(await request.toArray()).toString()
    const headers = flat(request.headers)
    const content: unknown = verified(secret, body, headers)
    if (content === undefined) return 401
    const status = handler === undefined ? 200 : await pass(handler, body, headers)
    if (status >= 200 && status < 300)
      received.push({ ...readWebhook(content), id: headers['webhook-id'] ?? '', body, headers })
    for (const listener of listeners) listener()
    return status
  }
  const server = createServer((request, response) => {
    void answer(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(500).end(),
    )
  })
  // A name other than this machine's own is called from outside, such as from a container.
  server.listen(0, host === '127.0.0.1' ? host : undefined)
  await once(server, 'listening')
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver of webhooks has no port.')
  return {
    url: `http://${host}:${address.port}/`,
    received,
    passTo: (next) => {
      handler = next
    },
    trust: (ofStore) => {
      secret = ofStore
    },
    onReceived: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    forget: () => {
      received.length = 0
    },
    close: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const verified = (secret: string, body: string, headers: Record<string, string>): unknown => {
  try {
    return new StandardWebhook(secret).verify(body, headers)
  } catch {
    return undefined
  }
}

const readWebhook = (content: unknown): Pick<ReceivedWebhook, 'type' | 'data'> => {
  const { type, data } = Object(content)
  return { type: String(type), data: Object(data) }
}

/** What the program under test made of it, as an HTTP status. */
const pass = async (handler: WebhookHandler, body: string, headers: Record<string, string>): Promise<number> => {
  try {
    if (typeof handler === 'string') {
      const { host: _, connection: __, 'content-length': ___, ...passed } = headers
      return (await fetch(handler, { method: 'POST', headers: passed, body, redirect: 'manual' })).status
    }
    await handler(body, headers)
    return 200
  } catch {
    return 500
  }
}

const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
