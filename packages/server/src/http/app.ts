import { type OperationDefinition, type OperationId, operationEntries } from '@naru/contract'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.ts'
import { envelope, type HttpAnswer, handleError, handleUnknownRoute, refusalAnswer } from './answers.ts'
import type { Authentication } from './authentication.ts'
import type { Handlers, Principal } from './handler.ts'
import type { Idempotency } from './idempotency.ts'
import { readIdempotencyKey } from './idempotency-key.ts'
import { type Input, inputReader } from './input.ts'
import { Problem } from './json.ts'
import type { ResponseCheck } from './response-check.ts'

export type AppParts = {
  readonly handlers: Handlers
  readonly authentication: Authentication
  readonly idempotency: Idempotency
  readonly log: FastifyBaseLogger
  /** Tests hold every answer against the contract. */
  readonly checkResponse?: ResponseCheck | undefined
  /** Told of every answered operation: for metrics. */
  readonly onAnswer?: ((operation: OperationId, status: number, milliseconds: number) => void) | undefined
}

const mebibyte = 1024 * 1024

/** The HTTP side of the API: one route for each operation of the contract, and nothing that is not JSON. */
export const createApp = (parts: AppParts): FastifyInstance => {
  const app = Fastify({
    loggerInstance: parts.log,
    // One line a request costs more than a payment is worth; errors are logged where they happen.
    disableRequestLogging: true,
    bodyLimit: mebibyte,
    // 255 characters, percent-encoded, of up to four bytes each.
    routerOptions: { maxParamLength: 255 * 12 },
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    // A PG may take a minute; the client's disconnect does not stop the work.
    requestTimeout: 120_000,
    frameworkErrors: (error, request, reply) => handleError(parts.log, error, request, reply),
  })
  // PortOne's lists take their filter as the body of a GET, and one DELETE has a body.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('DELETE', { hasBody: true, overrideExisting: true })
  // The official JavaScript SDK sends JSON as text/plain, so the content type says nothing.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, request, reply) => handleError(parts.log, error, request, reply))
  app.setNotFoundHandler(handleUnknownRoute)
  for (const [id, definition] of operationEntries()) addRoute(app, parts, id, definition)
  return app
}

const addRoute = (app: FastifyInstance, parts: AppParts, id: OperationId, definition: OperationDefinition): void => {
  const respond = responder(parts, id, definition)
  app.route({
    method: definition.method,
    url: definition.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const answer = await respond(request)
      parts.checkResponse?.(id, answer)
      parts.onAnswer?.(id, answer.status, reply.elapsedTime)
      return send(reply, answer)
    },
  })
}

const send = (reply: FastifyReply, answer: HttpAnswer): FastifyReply => {
  if (answer.isReplayed) reply.header('idempotency-replayed', 'true')
  return reply.code(answer.status).header('content-type', 'application/json; charset=utf-8').send(answer.body)
}

/** In PortOne's order: who you are, what you say, then what the operation makes of it. */
const responder = (parts: AppParts, id: OperationId, definition: OperationDefinition) => {
  const read = inputReader(definition)
  const takesKey = definition.authenticated && definition.method !== 'GET'
  return async (request: FastifyRequest): Promise<HttpAnswer> => {
    const principal = definition.authenticated
      ? await parts.authentication.authenticate(request.headers.authorization)
      : undefined
    if (principal instanceof Refusal) return refusalAnswer(principal)
    const input = read({ url: request.raw.url ?? '', path: pathOf(request), body: bodyOf(request) })
    if (input instanceof Problem) return envelope(400, 'INVALID_REQUEST', `${input.message}.`)
    const key = takesKey ? request.headers['idempotency-key'] : undefined
    if (key === undefined || !principal) return run(parts, id, request, input, principal, undefined)
    return runOnce(parts, id, request, input, principal, key)
  }
}

const pathOf = ({ params }: FastifyRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]))

const bodyOf = ({ body }: FastifyRequest): Buffer | undefined => (Buffer.isBuffer(body) ? body : undefined)

/** Runs the request once for its Idempotency-Key, and answers repeats as the first one was answered. */
const runOnce = async (
  parts: AppParts,
  id: OperationId,
  request: FastifyRequest,
  input: Input,
  principal: Principal,
  header: string | string[],
): Promise<HttpAnswer> => {
  const key = readIdempotencyKey(header)
  if (key instanceof Problem) return envelope(400, 'INVALID_REQUEST', `${key.message}.`)
  const result = await parts.idempotency.once(
    { merchantId: principal.merchantId, key, content: [id, input] },
    async (requestKey) => {
      const answer = await run(parts, id, request, input, principal, requestKey)
      return { ...answer, isFinal: isFinal(answer) }
    },
  )
  switch (result.kind) {
    case 'done':
      return result.answer
    case 'replayed':
      return { ...result.answer, isReplayed: true }
    case 'outstanding':
      return envelope(
        409,
        'IDEMPOTENCY_OUTSTANDING_REQUEST',
        'A request with this Idempotency-Key is still running. Wait a moment and send it again.',
      )
    case 'mismatch':
      return envelope(
        400,
        'INVALID_REQUEST',
        'This Idempotency-Key was used for another request. Use a key of its own for each request.',
      )
  }
}

/** What may change by itself is not kept: a retry must be able to get further. */
const isFinal = ({ status, body }: HttpAnswer): boolean =>
  status === 200 ||
  ((status === 502 || (status >= 400 && status < 500 && status !== 401 && status !== 403 && status !== 429)) &&
    !body.includes('NARU_RESULT_UNKNOWN'))

const run = async (
  parts: AppParts,
  id: OperationId,
  request: FastifyRequest,
  { path, query, body }: Input,
  principal: Principal | undefined,
  requestKey: string | undefined,
): Promise<HttpAnswer> => {
  const handler: unknown = parts.handlers[id]
  if (typeof handler !== 'function')
    return envelope(501, 'NOT_IMPLEMENTED', `${id} is described but not built yet in this version of Naru.`)
  const result: unknown = await handler({ path, query, body, principal, caller: callerOf(request, requestKey) })
  return result instanceof Refusal ? refusalAnswer(result) : { status: 200, body: JSON.stringify(result) }
}

const callerOf = (request: FastifyRequest, requestKey: string | undefined) => {
  const { 'user-agent': userAgent, 'naru-test-code': testCode } = request.headers
  return {
    ipAddress: request.ip,
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(requestKey === undefined ? {} : { requestKey }),
    ...(typeof testCode === 'string' ? { testCode } : {}),
  }
}
