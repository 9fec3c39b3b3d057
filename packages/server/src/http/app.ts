import { once } from 'node:events'
import { Readable } from 'node:stream'
import { type OperationDefinition, operationIds, operations } from '@naru/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { aborted } from '../kernel/abort.ts'
import { second } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { type Endpoint, type EndpointParts, endpoint, type WireAnswer } from './endpoint.ts'
import { handleClientError, handleError, handleUnknownRoute, jsonType } from './transport-errors.ts'
import { answerEverything } from './wire.ts'

export type AppParts = EndpointParts & {
  /** Within how many milliseconds a request must have arrived, its body included. The answer may take longer. */
  readonly arrivalTime?: number | undefined
  /** Aborted once the server is to stop: answers tell their clients to close the connection. */
  readonly stopping?: AbortSignal | undefined
  /** Until when closing waits for requests under way; for ever unless given. */
  readonly givenUp?: AbortSignal | undefined
  /** Adds what is not an operation of the contract. What it hands to `track` is finished before the server closes. */
  readonly extend?: ((app: FastifyInstance, track: Track) => void) | undefined
}

export type Track = <Result>(work: Promise<Result>) => Promise<Result>

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
    bodyLimit: 1024 * kibibyte,
    // The URL counts as a header, and lists take their filter in it.
    http: {
      maxHeaderSize: 64 * kibibyte,
      requireHostHeader: false,
      headersTimeout: arrivalTime,
      requestTimeout: arrivalTime,
      // Node looks for what is late every half minute by default, which more than doubles the limit.
      connectionsCheckingInterval: Math.min(second, arrivalTime),
    },
    routerOptions: { maxParamLength: 64 * kibibyte, querystringParser: () => ({}) },
    // Fastify sets its own default over the one above.
    requestTimeout: arrivalTime,
    // A request on a connection that was open before closing began is still answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // The SDKs put the path behind a base URL as it stands, and that may end with a slash.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/+(?=\/)/, ''),
    frameworkErrors: handleError,
    clientErrorHandler: handleClientError,
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('naru-request-id', request.id)
    done()
  })
  answerEverything(app)
  readBodies(app)
  app.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, routeOptions } = request
    const what = { requestId, method, route: routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime }
    // Not what this version does not offer, nor a PG's refusal: a declined card is business as usual.
    const isTrouble = reply.statusCode >= 500 && reply.statusCode !== 501 && reply.statusCode !== 502
    if (isTrouble) request.log.warn(what, 'request')
    else request.log.debug(what, 'request')
    done()
  })
  app.setErrorHandler(handleError)
  app.setNotFoundHandler(handleUnknownRoute)
  const underWay = finishOnClose(app, parts)
  const track: Track = (work) => {
    underWay.add(work)
    return work.finally(() => underWay.delete(work))
  }
  for (const id of operationIds) addRoute(app, operations[id], endpoint(id, parts), track)
  parts.extend?.(app, track)
  return app
}

/**
 * Leaves the body to the operation, which knows after authentication whether it needs one. The content type says
 * nothing: PortOne's JavaScript SDK sends JSON as text/plain, and a malformed one would be refused with 415.
 */
const readBodies = (app: FastifyInstance): void => {
  // PortOne's lists take their filter as the body of a GET, and one DELETE has a body.
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('DELETE', { hasBody: true, overrideExisting: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, ({ headers }, body, done) => {
    const { 'content-encoding': encoding = 'identity' } = headers
    // Not decoded: no SDK of PortOne's compresses, and a small body can hold gigabytes.
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
  track: Track,
): void => {
  const handler = async (request: FastifyRequest, reply: FastifyReply) =>
    send(reply, await track(respond(readRequest(request))), track)
  for (const one of [path, ...aliases])
    app.route({ method, url: one.replaceAll(/\{(\w+)\}/g, ':$1'), exposeHeadRoute: false, handler })
}

/** A file that fails half-way breaks the connection off, so that nobody takes the half for the whole. */
const send = (reply: FastifyReply, { status, headers, body }: WireAnswer, track: Track) => {
  reply.code(status).headers(headers)
  if (typeof body === 'string') return reply.header('content-type', jsonType).send(body)
  void track(once(reply.raw, 'close'))
  return reply.header('content-type', 'text/csv; charset=utf-8').send(Readable.from(body.chunks))
}

const readRequest = ({ id, ip, headers, raw, params, body }: FastifyRequest) => ({
  id,
  ipAddress: ip,
  headers,
  url: raw.url ?? '',
  path: textFields(params),
  body: Buffer.isBuffer(body) ? body : undefined,
})

const textFields = (params: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]))

/**
 * Closing waits for what is under way, until that is given up: requests whose client waits, and also requests whose
 * client has gone, since going does not call off a payment.
 */
const finishOnClose = (app: FastifyInstance, { stopping, givenUp }: AppParts): Set<Promise<unknown>> => {
  const underWay = new Set<Promise<unknown>>()
  const over = Promise.withResolvers<void>()
  let isClosing = false
  app.addHook('onSend', async (_request, reply) => {
    // Otherwise closing would wait until the client lets go of a connection that it keeps for its next request.
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
