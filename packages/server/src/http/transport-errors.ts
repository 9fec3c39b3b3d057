import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { operationEntries } from '@naru/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { envelope, internal, type Outcome } from './outcome.ts'

/** Every answer is JSON: PortOne's SDKs read the body before they look at the status. */
export const jsonType = 'application/json; charset=utf-8'

export const sendOutcome = (reply: FastifyReply, { status, body, headers }: Outcome): FastifyReply =>
  reply.code(status).headers(headers).header('content-type', jsonType).send(JSON.stringify(body))

/** Whatever goes wrong before a request reaches its operation: a malformed URL, a body too large or cut short. */
export const handleError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const [status, code] = [numberOf(error, 'statusCode'), textOf(error, 'code')]
  // The hook that sets it on every answer does not run where the router already refused the URL.
  reply.header('naru-request-id', request.id)
  if (status === 413) return sendOutcome(reply, tooLarge)
  if (code === 'FST_ERR_BAD_URL') return sendOutcome(reply, malformed('The URL must be percent-encoded UTF-8.'))
  if (status !== undefined && status >= 400 && status < 500) {
    return sendOutcome(reply, malformed(`The request is malformed: ${textOf(error, 'message') ?? code}.`))
  }
  request.log.error({ err: error, requestId: request.id, method: request.method }, 'a request failed')
  return sendOutcome(reply, internal(request.id))
}

/** 405 where the path exists for other methods, 404 where it does not. */
export const handleUnknownRoute = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const [path = ''] = (request.raw.url ?? '').split('?')
  const allowed = methodsOf(path).join(', ')
  if (allowed === '') {
    const hint = nearestTo(request.method, path) ?? 'The operations are listed at /docs.'
    const message = `There is nothing at ${request.method} ${path.slice(0, 200)}. ${hint}`
    return sendOutcome(reply, envelope('NOT_FOUND', message))
  }
  const message = `This path takes ${allowed}, not ${request.method}.`
  return sendOutcome(reply, envelope('METHOD_NOT_ALLOWED', message, { allow: allowed }))
}

/**
 * Answers what Node's HTTP parser refuses, before there is a request: bytes that are no HTTP, headers that do not end,
 * a request that does not arrive in time.
 */
export const handleClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, body } = malformed(clientErrors[error.code ?? ''] ?? 'The request is no well-formed HTTP/1.1.')
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${jsonType}\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}

const clientErrors: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'The URL and the headers together must be smaller than 64 KiB.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in full in time.',
}

const malformed = (message: string): Outcome => envelope('INVALID_REQUEST', message)
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
