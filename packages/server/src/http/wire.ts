import type { FastifyInstance, FastifyRequest } from 'fastify'
import { envelope, type Outcome } from './outcome.ts'
import { handleUnknownRoute, rawAnswer, sendOutcome, unknownRoute } from './transport-errors.ts'

/**
 * Answers in JSON what Node and Fastify would answer by themselves, with an empty body or a status that misleads: a
 * request without a Host, with an expectation that is not known, with a method that no route has.
 */
export const answerEverything = (app: FastifyInstance): void => {
  // An expectation may be ignored (RFC 9110, 10.1.1). Node would answer 417 without a body.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  // A tunnel: Node would close the connection without a word.
  app.server.on('connect', (request, socket) =>
    socket.end(rawAnswer(unknownRoute(request.method ?? '', request.url ?? ''))),
  )
  app.addHook('onRequest', (request, reply, done) => {
    const problem = hostProblem(request)
    if (problem !== undefined) return sendOutcome(reply, problem)
    // Before Fastify looks at the body: it demands a content type from QUERY and from methods that it does not know.
    if (request.is404) return handleUnknownRoute(request, reply)
    done()
  })
}

/** RFC 9112, 3.2: exactly one Host with every request in HTTP/1.1. */
const hostProblem = ({ raw }: FastifyRequest): Outcome | undefined => {
  const hosts = raw.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.length === 4 && /^host$/i.test(name),
  ).length
  if (hosts === 1 || (hosts === 0 && raw.httpVersionMajor === 1 && raw.httpVersionMinor === 0)) return undefined
  return envelope('INVALID_REQUEST', `The request must have one Host header; it has ${hosts === 0 ? 'none' : hosts}.`)
}
