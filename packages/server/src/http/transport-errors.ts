import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { operationEntries } from '@naru/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { second } from '../kernel/clock.ts'
import { redactCards } from '../kernel/redact.ts'
import { failureOf } from './failure.ts'
import { bodyText, envelope, type Outcome } from './outcome.ts'
import { endWhenAnswered } from './owed-answers.ts'

/** Every answer to a program is JSON: PortOne's SDKs read the body before they look at the status. */
export const jsonType = 'application/json; charset=utf-8'

/** Answers with a page instead, and says whether it does. */
type InPage = (request: FastifyRequest, reply: FastifyReply, outcome: Outcome) => boolean

const pages = new WeakMap<FastifyInstance, InPage>()

/** Whoever goes somewhere with a browser may read of a problem in a page. */
export const answerProblems = (app: FastifyInstance, inPage: InPage): void => {
  pages.set(app, inPage)
}

export const sendOutcome = (reply: FastifyReply, outcome: Outcome): FastifyReply => {
  if (pages.get(reply.server)?.(reply.request, reply, outcome)) return reply
  return reply.code(outcome.status).headers(outcome.headers).header('content-type', jsonType).send(bodyText(outcome))
}

/** Whatever goes wrong outside of an operation: a malformed URL, a body too large or cut short; and where there is none, as in the checkout. */
export const handleError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const [status, code] = [numberOf(error, 'statusCode'), textOf(error, 'code')]
  // The hook that sets it on every answer does not run if the router has refused the URL.
  reply.header('naru-request-id', request.id)
  if (status === 413) return sendOutcome(reply, tooLarge)
  if (status === 415) return sendOutcome(reply, compressed)
  if (code === 'FST_ERR_BAD_URL') return sendOutcome(reply, malformed('The URL must be percent-encoded UTF-8.'))
  if (status !== undefined && status >= 400 && status < 500) {
    return sendOutcome(reply, malformed(`The request is malformed: ${textOf(error, 'message') ?? code}.`))
  }
  return sendOutcome(reply, failureOf(error, request.log, { requestId: request.id, method: request.method }))
}

export const handleUnknownRoute = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendOutcome(reply, unknownRoute(request.method, request.raw.url ?? ''))

/** 405 where the path exists for other methods, 404 where it does not. */
export const unknownRoute = (method: string, url: string): Outcome => {
  const [path = ''] = url.split('?')
  const allowed = methodsOf(path).join(', ')
  if (allowed !== '') {
    return envelope('METHOD_NOT_ALLOWED', `This path allows ${allowed}, not ${method}.`, { allow: allowed })
  }
  const hint = nearestTo(method, path) ?? 'The operations are listed at /docs.'
  return envelope('NOT_FOUND', `There is nothing at ${method} ${redactCards(path).slice(0, 200)}. ${hint}`)
}

/**
 * Answers what Node's HTTP parser refuses, before there is a request: bytes that are not HTTP, headers that do not end,
 * a request that does not arrive in time.
 */
export const handleClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  if (endWhenAnswered(socket)) return
  socket.end(rawAnswer(clientErrors[error.code ?? ''] ?? malformed('The request is not well-formed HTTP/1.1.')))
  // A client that does not close its side would keep the socket open. Closing at once could lose the answer.
  setTimeout(() => socket.destroy(), second).unref()
}

/** The bytes of an answer, for a socket that has no response object. */
export const rawAnswer = (outcome: Outcome): string => {
  const { status, headers } = outcome
  const text = bodyText(outcome)
  const lines = Object.entries({
    ...headers,
    'content-type': jsonType,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`
}

/** A status of HTTP that no operation answers with; clients know the type. */
const malformed = (message: string, status = 400, headers: Record<string, string> = {}): Outcome => ({
  ...envelope('INVALID_REQUEST', message, headers),
  status,
})

/** By the codes of Node and of its parser, llhttp. */
const clientErrors: Readonly<Record<string, Outcome>> = {
  HPE_HEADER_OVERFLOW: malformed('The URL and the headers together must be smaller than 64 KiB.', 431),
  ERR_HTTP_REQUEST_TIMEOUT: malformed('The request did not arrive in full in time.', 408),
  HPE_INVALID_URL: malformed(
    'The URL contains characters that must be percent-encoded as UTF-8, such as %ED%95%9C for 한 or %20 for a space.',
  ),
  HPE_INVALID_CONSTANT: malformed('The request line is malformed. A space in the URL must be percent-encoded as %20.'),
  HPE_INVALID_METHOD: malformed(
    'The request does not begin with an HTTP method in capital letters, such as GET or POST.',
  ),
  HPE_INVALID_HEADER_TOKEN: malformed('A header holds characters that headers cannot hold.'),
  HPE_INVALID_CONTENT_LENGTH: malformed(
    'The Content-Length header must be a number, and none where Transfer-Encoding is given.',
  ),
  HPE_UNEXPECTED_CONTENT_LENGTH: malformed('The Content-Length header must be given once only.'),
  HPE_INVALID_TRANSFER_ENCODING: malformed(
    'The only Transfer-Encoding that is supported is chunked, without a Content-Length.',
  ),
  HPE_INVALID_EOF_STATE: malformed('The request ended before it was complete.'),
}
const compressed = malformed('The request body must not be compressed. Leave Content-Encoding out.', 415, {
  'accept-encoding': 'identity',
})
const tooLarge = envelope('PAYLOAD_TOO_LARGE', 'The request body must be at most 1 MiB.')

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]*')}$`)

const patterns = operationEntries().flatMap(([, { method, path, aliases = [] }]) =>
  [path, ...aliases].map((one) => ({ method, path: one, pattern: patternOf(one) })),
)

/** PortOne's older samples call `/platform/transfer/order`, and much is guessed in the singular. */
const nearestTo = (method: string, path: string): string | undefined => {
  const singular = (text: string) => text.replaceAll(/s(?=\/|$)/g, '')
  const sought = singular(path)
  const nearest = patterns.find((one) => one.method === method && patternOf(singular(one.path)).test(sought))
  return nearest && `Did you mean ${nearest.path}?`
}

const methodsOf = (path: string): readonly string[] => [
  ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
]

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined

const numberOf = (error: unknown, name: string): number | undefined => {
  const value = fieldOf(error, name)
  return typeof value === 'number' ? value : undefined
}

const textOf = (error: unknown, name: string): string | undefined => {
  const value = fieldOf(error, name)
  return typeof value === 'string' ? value : undefined
}
