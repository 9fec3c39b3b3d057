import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '../../../test/support/listen.ts'

export type Received = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A merchant's server on a port of its own, which keeps what it received. */
export type Receiver = AsyncDisposable & {
  readonly url: string
  readonly received: readonly Received[]
  /** Resolves when `count` requests have arrived in all, answered or not. */
  arrived(count: number): Promise<void>
}

type Answer = (...given: [...Parameters<RequestListener>, Received]) => void

const ok: Answer = (_request, response) => response.end('ok')

/** `answer` is called once the request has been read to its end. */
export const startReceiver = async (answer: Answer = ok): Promise<Receiver> => {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body }
    received.push(one)
    for (const check of waiting) check()
    answer(request, response, one)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/webhook`,
    received,
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (received.length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
