import {
  type CheckoutProblem,
  CloseCheckout,
  type OpenCheckout,
  PageBody,
  PaySessionBody,
  SessionBody,
  SubmitCheckout,
  TokenBody,
} from '@naru/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Type from 'typebox'
import { awaitCheckout } from '../checkout/await.ts'
import { closeCheckout } from '../checkout/close.ts'
import { type Found, findByToken } from '../checkout/find.ts'
import { languageOf } from '../checkout/language.ts'
import { openCheckout } from '../checkout/open.ts'
import type { CheckoutParts } from '../checkout/parts.ts'
import { noSession, Unopened } from '../checkout/problem.ts'
import type { RateLimit } from '../checkout/rate-limit.ts'
import { sessionPage } from '../checkout/sessions/page.ts'
import { paySession } from '../checkout/sessions/pay.ts'
import { openSession } from '../checkout/sessions/session.ts'
import { keepPage } from '../checkout/store.ts'
import { submitCheckout } from '../checkout/submit.ts'
import { viewOf } from '../checkout/view.ts'
import { clientAddress } from '../http/client-address.ts'
import { type Outcome, resetText } from '../http/outcome.ts'
import { ownOrigin } from '../http/own-origin.ts'
import { sendOutcome } from '../http/transport-errors.ts'
import { Refusal } from '../kernel/refusal.ts'
import { sourceOf } from '../kernel/source.ts'
import { wasReset } from '../kernel/work.ts'
import { readBody, readOpening } from './browser-requests.ts'

type Parts = {
  readonly checkout: CheckoutParts
  readonly rateLimit: RateLimit
  /** By address, for everything that needs no credential. */
  readonly visitLimit: RateLimit
  /** Our own origin, where it is configured; otherwise each request says it. */
  readonly publicUrl: string | undefined
}

/**
 * What a shopper's browser says to us. There are no cookies and no credentials: everything after the opening needs the
 * attempt's token, so that no other site can act in a shopper's name. The shop's page may open, ask and close; what a
 * shopper types is taken from our own page alone.
 */
export const serveBrowserCheckout = (app: FastifyInstance, parts: Parts): void => {
  const { checkout } = parts
  limitReading(app, parts)
  const fromShop = route(app, allowAnyPage)
  const fromOurs = route(app, (request, reply) => refuseForeign(parts, request, reply))

  fromShop('/checkout/v1/attempts', async (request) => {
    const asked = readOpening(request)
    if (asked instanceof Unopened) return refused(asked.problem)
    const { open, warnings, device, pageUrl } = asked
    if (!mayOpen(parts, request, open.request.storeId)) return tooMany(parts, open.request)
    const caller = { ...callerOf(parts, request, device), shopOrigin: originOf(request), pageUrl, asked: asked.asked }
    const opened = await openCheckout(checkout, open, caller)
    if (opened instanceof Unopened) return refused(opened.problem)
    const { attempt: _, ...answer } = opened
    return { status: 200, body: warnings.length > 0 ? { ...answer, warnings } : answer }
  })

  fromShop(
    '/checkout/v1/attempts/state',
    withToken(TokenBody, checkout, (found) => awaitCheckout(checkout, found)),
  )
  fromShop(
    '/checkout/v1/attempts/close',
    withToken(CloseCheckout, checkout, (found, { reason }) => closeCheckout(checkout, found, reason)),
  )
  fromOurs(
    '/checkout/v1/page',
    withToken(PageBody, checkout, async ({ attempt }, said) => {
      if (attempt.surroundings.mode === 'POPUP') await keepPage(checkout.sql, attempt, said)
      return {}
    }),
  )
  fromOurs('/checkout/v1/sessions/view', async (request) => {
    const body = readBody(SessionBody, request)
    if (body instanceof Unopened) return refused(body.problem)
    const page = await sessionPage(checkout, body)
    return page ? { status: 200, body: page } : refused(noSession().problem)
  })
  fromOurs('/checkout/v1/sessions/pay', async (request) => {
    const body = readBody(PaySessionBody, request)
    const session = await sessionOf(checkout, body)
    if (session instanceof Unopened) return refused(session.problem)
    if (body instanceof Unopened) return refused(body.problem)
    if (!mayOpen(parts, request, session.storeId)) return tooMany(parts, { locale: body.language })
    const opened = await paySession(checkout, session, body, callerOf(parts, request, body.device))
    return opened instanceof Unopened ? refused(opened.problem) : { status: 200, body: opened }
  })
  fromOurs(
    '/checkout/v1/view',
    withToken(TokenBody, checkout, (found) => viewOf(checkout, found)),
  )
  fromOurs(
    '/checkout/v1/submit',
    withToken(SubmitCheckout, checkout, (found, submission) => submitCheckout(checkout, found, submission)),
  )
}

/** Whether this address may open another window at the store. */
const mayOpen = ({ rateLimit }: Parts, request: FastifyRequest, storeId: string | undefined): boolean =>
  rateLimit.allows(`${storeId} ${sourceOf(clientAddress(request))}`)

const callerOf = ({ publicUrl }: Parts, request: FastifyRequest, device: OpenCheckout['device']) => ({
  ipAddress: clientAddress(request),
  userAgent: request.headers['user-agent'],
  device,
  serverUrl: ownOrigin(request, publicUrl),
})

/** What anybody can read who has a session's id or a profile's key, and what is done in a window. */
const limited = /^\/(payment-sessions\/[^/?]+|checkout-profiles\/evaluate|checkout\/(v1|return|form)\/.*)(\?|$)/

/** By address: whoever tries ids, one-time codes or cards out is slowed down. */
const limitReading = (app: FastifyInstance, { visitLimit }: Pick<Parts, 'visitLimit'>): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const { method, url = '' } = request.raw
    if (!limited.test(url) || (url.startsWith('/payment-sessions') && method !== 'GET')) return done()
    if (visitLimit.allows(sourceOf(clientAddress(request)))) return done()
    sendOutcome(reply, tooManyVisits)
  })
}

type Answer = { readonly status: number; readonly body: object; readonly headers?: Readonly<Record<string, string>> }
type Answering = (request: FastifyRequest) => Promise<Answer>
type Guard = (request: FastifyRequest, reply: FastifyReply) => CheckoutProblem | undefined

const route = (app: FastifyInstance, guard: Guard) => (path: string, answer: Answering) =>
  app.post(path, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const problem = guard(request, reply)
    const { status, body, headers = {} } = problem ? refused(problem) : await answer(request).catch(gone)
    return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body))
  })

/** What the script and the page do not ask about again. */
const gone = (error: unknown): Answer => {
  if (wasReset(error)) return refused(problemOf('TransactionNotFound', resetText))
  throw error
}

/** Bodies come as text/plain, so that browsers ask no permission first; the answers hold nothing without a token. */
const allowAnyPage: Guard = (_request, reply) => {
  reply.header('access-control-allow-origin', '*')
  return undefined
}

const refuseForeign = ({ publicUrl }: Parts, request: FastifyRequest, reply: FastifyReply) => {
  reply.header('vary', 'origin')
  const { origin, host } = request.headers
  const isOurs = origin === undefined || origin === publicUrl || URL.parse(origin)?.host === host
  return isOurs ? undefined : problemOf('PermissionDenied', 'This is for the checkout page alone.')
}

const withToken =
  <Schema extends Type.TSchema>(
    schema: Schema,
    checkout: CheckoutParts,
    work: (found: Found, body: Type.Static<Schema>) => Promise<object>,
  ): Answering =>
  async (request) => {
    const body = readBody(schema, request)
    if (body instanceof Unopened) return refused(body.problem)
    const token = 'token' in Object(body) ? String(Object(body).token) : ''
    const found = await findByToken(checkout, token)
    return found ? { status: 200, body: await work(found, body) } : refused(unknownToken)
  }

const sessionOf = async (checkout: CheckoutParts, body: { readonly sessionId: string } | Unopened) => {
  if (body instanceof Unopened) return body
  const session = await openSession(checkout, body.sessionId)
  return session instanceof Refusal ? noSession() : session
}

/** Pages without an origin of their own say `null`. */
const originOf = ({ headers: { origin } }: FastifyRequest): string | undefined =>
  origin !== undefined && /^https?:$/.test(URL.parse(origin)?.protocol ?? '') ? origin : undefined

const problemOf = (code: string, message: string): CheckoutProblem => ({ code, message })

const tooMany = ({ rateLimit }: Pick<Parts, 'rateLimit'>, asked: Parameters<typeof languageOf>[0]): Answer => ({
  ...refused({
    code: 'ResourceExhausted',
    message: tooManyWords[languageOf(asked)],
    detail: 'Too many checkouts of this store were opened from this address. Try again in a minute.',
  }),
  headers: { 'retry-after': String(rateLimit.retryAfter), 'access-control-expose-headers': 'retry-after' },
})

const tooManyWords = {
  ko: '요청이 많아 창을 열지 못했습니다. 잠시 뒤에 다시 시도해 주세요.',
  en: 'Too much is asked for at the moment. Please try again in a minute.',
} as const

const tooManyVisits: Outcome = {
  status: 429,
  body: {
    type: 'INVALID_REQUEST',
    ...problemOf('ResourceExhausted', 'Too many requests came from this address. Try again in a minute.'),
  },
  headers: {
    'retry-after': '60',
    'access-control-allow-origin': '*',
    // The script in a shop's page reads it.
    'access-control-expose-headers': 'retry-after',
  },
}
const unknownToken = problemOf('TransactionNotFound', 'There is no such checkout.')

const statuses: Readonly<Record<string, number>> = {
  ResourceExhausted: 429,
  PermissionDenied: 403,
  TransactionNotFound: 404,
  StoreNotFound: 404,
  ChannelNotFound: 404,
  PaymentAlreadyPaid: 409,
  PGProviderError: 502,
}

const refused = (problem: CheckoutProblem): Answer => ({ status: statuses[problem.code] ?? 400, body: problem })
