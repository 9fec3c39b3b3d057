import { once } from 'node:events'
import { Readable } from 'node:stream'
import { type OperationDefinition, operationIds, operations } from '@naru/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { aborted } from '../kernel/abort.ts'
import { second } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { asWork } from '../kernel/work.ts'
import { clientAddress } from './client-address.ts'
import { type Endpoint, type EndpointParts, endpoint, type WireAnswer } from './endpoint.ts'
import { owe } from './owed-answers.ts'
import { handleClientError, handleError, handleUnknownRoute, jsonType } from './transport-errors.ts'
import { answerEverything } from './wire.ts'

export type AppParts = EndpointParts & {
  /** Within how many milliseconds a request must have arrived, its body included. The answer may take longer. */
  readonly arrivalTime?: number | undefined
  /** Proxies whose `X-Forwarded-For` says who asks. Of anybody else it is not believed: limits go by the address. */
  readonly trustedProxies?: readonly string[] | undefined
  /** Aborted when the server is about to stop: answers then tell clients to close the connection. */
  readonly stopping?: AbortSignal | undefined
  /** Until when closing waits for requests under way. Without it, closing waits for all of them. */
  readonly givenUp?: AbortSignal | undefined
  /** How long a request waits for an outcome, in milliseconds. */
  readonly patience?: number | undefined
  /** Aborted when no request may wait for an outcome any longer, so that closing finds it answered. */
  readonly answerNow?: AbortSignal | undefined
  /** Adds routes that are not operations of the contract. */
  readonly extend?: ((app: FastifyInstance) => void) | undefined
}

const kibibyte = 1024

/** The HTTP side of the API: one route for each operation of the contract. */
export const createApp = (parts: AppParts): FastifyInstance => {
  const { arrivalTime = 30 * second } = parts
  const app = Fastify({
    loggerInstance: parts.log,
    // A line for each request costs more than it is worth; errors are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    genReqId: timeOrderedId,
    requestIdHeader: false,
    trustProxy: parts.trustedProxies === undefined ? false : [...parts.trustedProxies],
    bodyLimit: 1024 * kibibyte,
    // The URL counts as a header, and lists take their filter in it.
    http: {
      maxHeaderSize: 64 * kibibyte,
      requireHostHeader: false,
      headersTimeout: arrivalTime,
      requestTimeout: arrivalTime,
      // Node checks for late requests every half minute by default, which more than doubles the limit.
      connectionsCheckingInterval: Math.min(second, arrivalTime),
    },
    routerOptions: { maxParamLength: 64 * kibibyte, querystringParser: () => ({}) },
    // Fastify sets its own default over the one above.
    requestTimeout: arrivalTime,
    // A request on a connection that was open before closing began is still answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // The SDKs append the path to the base URL as it stands, and that may end with a slash.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/+(?=\/)/, ''),
    frameworkErrors: handleError,
    clientErrorHandler: handleClientError,
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('naru-request-id', request.id)
    done()
  })
  // Once the request is there in full: one whose body never ends is answered 408.
  app.addHook('preValidation', (request, reply, done) => {
    owe(request.raw.socket, reply.raw)
    done()
  })
  answerEverything(app)
  readBodies(app)
  app.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, routeOptions } = request
    const what = { requestId, method, route: routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime }
    // Neither missing operations nor a PG's refusal: a declined card is business as usual.
    const isTrouble = reply.statusCode >= 500 && reply.statusCode !== 501 && reply.statusCode !== 502
    if (isTrouble) request.log.warn(what, 'request')
    else request.log.debug(what, 'request')
    done()
  })
  app.setErrorHandler(handleError)
  app.setNotFoundHandler(handleUnknownRoute)
  workOnEach(app, parts)
  for (const id of operationIds) addRoute(app, operations[id], endpoint(id, parts))
  parts.extend?.(app)
  return app
}

/**
 * Makes each request to any route, whoever adds it, a piece of work, which ends with its answer and before the server closes. A
 * wrapper for the handlers that need it lost: the checkout's were forgotten.
 */
const workOnEach = (app: FastifyInstance, parts: AppParts): void => {
  const underWay = finishOnClose(app, parts)
  const { patience, answerNow } = parts
  app.addHook('onRoute', (route) => {
    const { handler } = route
    route.handler = function (request, reply) {
      const work = asWork(async () => handler.call(this, request, reply), { patience, answerNow })
      underWay.add(work)
      return work.finally(() => underWay.delete(work))
    }
  })
}

/**
 * Leaves the body to the operation, which knows after authentication whether it needs one. The content type does not
 * matter: PortOne's JavaScript SDK sends JSON as text/plain, and a malformed one would be refused with 415.
 */
const readBodies = (app: FastifyInstance): void => {
  // PortOne's lists take their filter as the body of a GET, and one DELETE has a body.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('DELETE', { hasBody: true, overrideExisting: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, ({ headers }, body, done) => {
    const { 'content-encoding': encoding = 'identity' } = headers
    // Not decoded: PortOne's SDKs do not compress, and a small body can expand to gigabytes.
    if (encoding.toLowerCase() === 'identity') done(null, body)
    else done(Object.assign(new Error('compressed'), { statusCode: 415 }))
  })
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = undefined
    done()
  })
}

/** Answers an operation at its path. */
export const addRoute = (
  app: FastifyInstance,
  { method, path, aliases = [] }: OperationDefinition,
  respond: Endpoint,
): void => {
  const handler = async (request: FastifyRequest, reply: FastifyReply) =>
    send(reply, await respond(readRequest(request, reply)))
  for (const one of [path, ...aliases])
    app.route({ method, url: one.replaceAll(/\{(\w+)\}/g, ':$1'), exposeHeadRoute: false, handler })
}

/**
 * A file that fails half-way breaks the connection, so that no client takes the half for the whole. One chunk is made ahead of
 * the client: sixteen, as Node would have it, live long enough for the garbage collector to take them for old.
 */
const send = (reply: FastifyReply, { status, headers, body }: WireAnswer) => {
  reply.code(status).headers(headers)
  if (typeof body === 'string') {
    // Who stops reading in the middle would keep the rest in memory for as long as the connection lasts.
    if (body.length > 64 * kibibyte) reply.raw.setTimeout(readingTime, () => reply.raw.destroy())
    return reply.header('content-type', jsonType).send(body)
  }
  return reply.header('content-type', 'text/csv; charset=utf-8').send(Readable.from(body.chunks, { highWaterMark: 1 }))
}

/** For so long a client may take nothing of an answer. */
const readingTime = 30 * second

const readRequest = (request: FastifyRequest, { raw: response }: FastifyReply) => ({
  id: request.id,
  ipAddress: clientAddress(request),
  headers: request.headers,
  url: request.raw.url ?? '',
  path: textFields(request.params),
  body: Buffer.isBuffer(request.body) ? request.body : undefined,
  closed: () => (response.closed ? Promise.resolve() : once(response, 'close').catch(() => undefined)),
})

const textFields = (params: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]))

/**
 * Closing waits for requests under way until they are given up, also for those whose client has disconnected: disconnecting
 * does not cancel a payment.
 */
const finishOnClose = (app: FastifyInstance, { stopping, givenUp }: AppParts): Set<Promise<unknown>> => {
  const underWay = new Set<Promise<unknown>>()
  const over = Promise.withResolvers<void>()
  let isClosing = false
  app.addHook('onSend', async (_request, reply) => {
    // Otherwise closing would wait for clients that keep a connection open for their next request.
    if (isClosing || stopping?.aborted) reply.header('connection', 'close')
  })
  app.addHook('preClose', (done) => {
    isClosing = true
    if (givenUp !== undefined)
      void aborted(givenUp).then(() => {
        app.server.closeAllConnections()
        over.resolve()
      })
    done()
  })
  app.addHook('onClose', async () => {
    await Promise.race([Promise.allSettled(underWay), over.promise])
  })
  return underWay
}
