import { type ErrorType, errors, operationEntries } from '@naru/contract'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../kernel/refusal.ts'

/** An answer as it goes over the wire. The body is JSON already, so that a kept answer is repeated byte for byte. */
export type HttpAnswer = { readonly status: number; readonly body: string; readonly isReplayed?: boolean }

export const refusalAnswer = ({ body }: Refusal): HttpAnswer => ({
  status: errors[body.type].status,
  body: JSON.stringify(body),
})

/** An error that comes from the HTTP side itself. */
export const envelope = (status: number, type: ErrorType, message: string): HttpAnswer => ({
  status,
  body: JSON.stringify({ type, message }),
})

const send = (reply: FastifyReply, { status, body }: HttpAnswer): FastifyReply =>
  reply.code(status).header('content-type', 'application/json; charset=utf-8').send(body)

/** Whatever went wrong outside an operation, as the contract's envelope. A bug says no more than where to look. */
export const handleError = (
  log: FastifyBaseLogger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const { statusCode: status, code } = Object(error) as { statusCode?: unknown; code?: unknown }
  if (status === 413) return send(reply, envelope(413, 'PAYLOAD_TOO_LARGE', 'The request body is larger than 1 MiB.'))
  if (typeof status === 'number' && status >= 400 && status < 500)
    return send(reply, envelope(400, 'INVALID_REQUEST', `The request is malformed (${String(code)}).`))
  log.error(
    { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
    'a request failed',
  )
  return send(
    reply,
    envelope(500, 'INTERNAL', `Something went wrong in Naru. Its log says more under the request id ${request.id}.`),
  )
}

/** 405 where the path exists for other methods, 404 where it does not. */
export const handleUnknownRoute = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const path = (request.raw.url ?? '').split('?')[0] ?? ''
  const allowed = methodsOf(path)
  if (allowed.length === 0)
    return send(reply, envelope(404, 'NOT_FOUND', `There is nothing at ${request.method} ${path}. See /docs.`))
  reply.header('allow', allowed.join(', '))
  return send(reply, envelope(405, 'METHOD_NOT_ALLOWED', `${path} takes ${allowed.join(', ')}, not ${request.method}.`))
}

const patterns = operationEntries().map(([, { method, path }]) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]*')}$`),
}))

const methodsOf = (path: string): readonly string[] => [
  ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
]
