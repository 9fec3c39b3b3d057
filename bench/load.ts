/**
 * Puts load on an HTTP server and prints what came of it, as JSON. A process and a client of its own: node's HTTP client
 * would cost more than the server it measures. Each connection sends its next request when it has the answer.
 */
import { connect } from 'node:net'

export type LoadOptions = {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly method: string
  /** `{n}` becomes a number that no other request has. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** `{n}` as in `path`: the same number. */
  readonly body?: string
  /** A second request with what the first one answered: its `{token}` is the `token` of that. Both together count as one. */
  readonly followedBy?: { readonly path: string; readonly body: string }
  /** So many first requests are answered before the measuring begins, and only the second ones are measured, until all are sent. */
  readonly ahead?: number
}

export type LoadResult = {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly failures: number
}

const options: LoadOptions = JSON.parse(process.argv[2] ?? '{}')
const latencies: number[] = []
let failures = 0
let count = 0
let sent = 0
const run = `${process.pid}-${Math.floor(performance.timeOrigin)}`

const first = (): string => {
  const number = `${run}-${count++}`
  return request(options.path.replace('{n}', number), (options.body ?? '').replace('{n}', number))
}

/** The second request, with the token that the first one got; `undefined` where there is none. */
const second = (token: string): string | undefined =>
  options.followedBy && request(options.followedBy.path, options.followedBy.body.replace('{token}', token))

const heads = Object.entries({ host: 'localhost', ...options.headers }).map(([name, value]) => `${name}: ${value}\r\n`)
const head = heads.join('')
const hasAddress = head.includes('{address}')

const request = (path: string, body: string): string => {
  const from = hasAddress ? head.replaceAll('{address}', address(sent++)) : head
  return `${options.method} ${path} HTTP/1.1\r\n${from}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** Somebody else each time, as shoppers are. */
const address = (place: number): string => `10.${(place >> 16) & 255}.${(place >> 8) & 255}.${place & 255}`

const tokenIn = (answer: string): string => /"token":"([^"]+)"/.exec(answer)?.[1] ?? ''

/** Whether a whole answer is there, and if so whether it is a 200. Understands content-length and chunked bodies. */
const answerIn = (text: string): 'more' | 'ok' | 'failed' => {
  const bodyAt = text.indexOf('\r\n\r\n') + 4
  if (bodyAt < 4) return 'more'
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
  const isWhole = length === undefined ? text.endsWith('0\r\n\r\n') : text.length - bodyAt >= Number(length)
  if (!isWhole) return 'more'
  return text.startsWith('HTTP/1.1 200') ? 'ok' : 'failed'
}

type Exchange = {
  /** What is sent next; `undefined` where nothing is any more. */
  readonly next: () => string | undefined
  /** What follows an answer at once, on the same connection and in the same measurement. */
  readonly following?: (answer: string) => string | undefined
  readonly done: (took: number, answer: string) => void
}

const connection = ({ next, following, done }: Exchange): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(options.port, '127.0.0.1')
    let received = ''
    let since = 0
    let hasFollowed = false
    const send = (): void => {
      since = performance.now()
      received = ''
      hasFollowed = false
      const text = next()
      if (text === undefined) socket.end(resolve)
      else socket.write(text)
    }
    socket.setNoDelay(true).setEncoding('latin1')
    socket
      .on('connect', send)
      .on('error', reject)
      .on('data', (chunk: string) => {
        received += chunk
        const answer = answerIn(received)
        if (answer === 'more') return
        const then = answer === 'ok' && !hasFollowed ? following?.(received) : undefined
        if (then !== undefined) {
          received = ''
          hasFollowed = true
          return void socket.write(then)
        }
        done(performance.now() - since, received)
        if (answer === 'failed' && failures++ === 0)
          process.stderr.write(`a request failed:\n${received.slice(0, 800)}\n`)
        send()
      })
  })

const connections = (exchange: Exchange): Promise<unknown> =>
  Promise.all(Array.from({ length: options.connections }, () => connection(exchange)))

const tokens: string[] = []
const { ahead = 0 } = options
await connections({
  next: () => (count < ahead ? first() : undefined),
  done: (_took, answer) => tokens.push(tokenIn(answer)),
})

const begun = performance.now()
const end = begun + options.seconds * 1_000
const secondOnes = (): string | undefined => {
  const token = tokens.pop()
  return token === undefined ? undefined : second(token)
}
await connections({
  next: () => (performance.now() >= end ? undefined : ahead > 0 ? secondOnes() : first()),
  ...(ahead > 0 ? {} : { following: (answer) => second(tokenIn(answer)) }),
  done: (took) => latencies.push(took),
})
const elapsed = (performance.now() - begun) / 1_000
latencies.sort((one, other) => one - other)
const percentile = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0
const result: LoadResult = {
  perSecond: latencies.length / elapsed,
  p50: percentile(0.5),
  p99: percentile(0.99),
  failures,
}
process.stdout.write(JSON.stringify(result))
