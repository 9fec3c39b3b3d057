import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { NoAddress } from './resolve.ts'

export type DialResult =
  | {
      readonly status: 'SUCCEEDED' | 'FAILED_NOT_OK_RESPONSE'
      readonly response: DialResponse
      /** Whether its body was waited for until a time limit expired. */
      readonly wasWaitedFor: boolean
    }
  | {
      readonly status: 'FAILED_UNEXPECTED_ERROR'
      readonly error: string
      /** Whether a connection was made: then the receiver exists, whatever it did next. */
      readonly isReached: boolean
      /** Whether it was waited for: a time limit expired, or nobody knew the name. A refused connection delays nobody. */
      readonly wasWaitedFor: boolean
    }

/** The receiver's answer as text; `body` holds only its beginning. */
export type DialResponse = { readonly code: string; readonly header: string; readonly body: string }

/** Time limits in milliseconds, and how many bytes of the answer's body are read. */
export type DialLimits = {
  readonly connect: number
  /** To connect, while somebody waits for the result. */
  readonly hurriedConnect: number
  readonly read: number
  /** Without any data, and for the whole of the body, while somebody waits for the result. */
  readonly hurriedRead: number
  readonly overall: number
  readonly bodyBytes: number
}

export type Exchange = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `false` opens a new connection even if one is kept for reuse. */
  readonly agent: http.Agent | false
  readonly lookup: LookupFunction
  readonly limits: DialLimits
  /** Whether the status alone is read. */
  readonly ignoresBody?: boolean | undefined
  readonly hurry?: AbortSignal | undefined
  readonly stop?: AbortSignal | undefined
}

export const failed = (error: string, { isReached = false, wasWaitedFor = false } = {}): DialResult => ({
  status: 'FAILED_UNEXPECTED_ERROR',
  error,
  isReached,
  wasWaitedFor,
})

/** One POST request and its answer. Never rejects. */
export const exchange = async (parts: Exchange): Promise<DialResult> => {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), parts.limits.overall)
  try {
    const result = await send(parts, deadline.signal)
    return result === staleConnection ? definite(await send({ ...parts, agent: false }, deadline.signal)) : result
  } catch (error) {
    // What Node refuses before anything is sent, such as a control character in a header.
    return failed(describe(error))
  } finally {
    clearTimeout(timer)
  }
}

/** The receiver closed a kept connection just as it was used again, which says nothing about the receiver. */
const staleConnection = Symbol('stale connection')

const definite = (result: DialResult | typeof staleConnection): DialResult =>
  result === staleConnection ? failed('The connection was closed.', { isReached: true }) : result

/** How long each of several addresses of a name may take to connect, in milliseconds. Node's 250 are too few across an ocean. */
const addressAttempts = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 2_000 }

/**
 * The status line decides as soon as it arrives; the body is only kept for the record. So if the body is too long, stalls or
 * breaks off, the part that arrived is kept, and the status still counts.
 */
const send = (parts: Exchange, deadline: AbortSignal): Promise<DialResult | typeof staleConnection> =>
  new Promise((resolve) => {
    const { url, headers, agent, lookup, limits, hurry, stop } = parts
    const isSecure = url.protocol === 'https:'
    const options = { method: 'POST', headers, agent, lookup, ...addressAttempts, maxHeaderSize: 16 * 1024 }
    const request = (isSecure ? https : http).request(url, options)
    let response: IncomingMessage | undefined
    let isReached = false
    let isTimeout = false
    const giveUp = (reason: string) => () => {
      isTimeout = true
      if (response === undefined) request.destroy(new Error(reason))
      else response.destroy()
    }
    const connectWithin = (limit: number) => setTimeout(giveUp(`No connection within ${limit} ms.`), limit)
    let connecting = connectWithin(hurry?.aborted ? limits.hurriedConnect : limits.connect)
    const answerWithin = (limit: number) => request.setTimeout(limit, giveUp(`No answer within ${limit} ms.`))
    let ofBody: NodeJS.Timeout | undefined
    const endBodySoon = () => {
      ofBody ??= setTimeout(giveUp('The body has no end.'), limits.hurriedRead)
    }
    const beQuick = () => {
      answerWithin(limits.hurriedRead)
      if (response !== undefined) endBodySoon()
      if (isReached) return
      clearTimeout(connecting)
      connecting = connectWithin(limits.hurriedConnect)
    }
    hurry?.addEventListener('abort', beQuick, { once: true })
    answerWithin(hurry?.aborted ? limits.hurriedRead : limits.read)
    deadline.addEventListener('abort', giveUp(`No answer within ${limits.overall} ms.`), { once: true })

    const cutOff = giveUp('The server stops, and does not wait any longer.')
    stop?.addEventListener('abort', cutOff, { once: true })
    if (stop?.aborted) cutOff()

    request.on('socket', (socket) => {
      const reached = () => {
        clearTimeout(connecting)
        isReached = true
      }
      if (request.reusedSocket) reached()
      else socket.once(isSecure ? 'secureConnect' : 'connect', reached)
    })
    request.on('response', async (incoming) => {
      response = incoming
      if (hurry?.aborted) endBodySoon()
      const body = readStart(incoming, limits.bodyBytes)
      if (parts.ignoresBody) incoming.destroy()
      resolve(answered(incoming, await body, isTimeout))
    })
    request.on('error', (error) => {
      // After the status line, the reader of the body notices it.
      if (response === undefined)
        resolve(
          wasStale(request, error)
            ? staleConnection
            : failed(describe(error), { isReached, wasWaitedFor: isTimeout || error instanceof NoAddress }),
        )
    })
    request.on('close', () => {
      clearTimeout(connecting)
      clearTimeout(ofBody)
      hurry?.removeEventListener('abort', beQuick)
      stop?.removeEventListener('abort', cutOff)
      if (response === undefined)
        resolve(failed('The connection was closed without an answer.', { isReached, wasWaitedFor: isTimeout }))
    })
    request.end(Buffer.from(parts.body))
  })

/** Safe to repeat even if the receiver did read the request: deliveries are at least once. */
const wasStale = (request: ClientRequest, error: NodeJS.ErrnoException): boolean =>
  request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')

const answered = (response: IncomingMessage, body: string, wasWaitedFor: boolean): DialResult => {
  const code = response.statusCode ?? 0
  return {
    status: code >= 200 && code < 300 ? 'SUCCEEDED' : 'FAILED_NOT_OK_RESPONSE',
    response: { code: String(code), header: headerText(response.rawHeaders), body },
    wasWaitedFor,
  }
}

/** Headers as they travel, one a line. Node's limit on their size bounds the text. */
const headerText = (rawHeaders: readonly string[]): string =>
  rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [])).join('\n')

/** The first bytes of the body as text. Then closes the connection. Never rejects. */
const readStart = (response: IncomingMessage, limit: number): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > limit) response.destroy()
    })
    response.on('error', () => {})
    response.on('close', () => resolve(storableText(Buffer.concat(chunks).subarray(0, limit))))
  })

/** PostgreSQL's text cannot hold a zero byte. `stream` leaves out a character that the limit cut in two. */
const storableText = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\uFFFD')

/** If a name has several addresses, Node's error holds one error for each and has no message itself. */
const describe = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ')
  return error instanceof Error ? error.message : String(error)
}
