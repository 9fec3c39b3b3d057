import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Found, findByToken } from '../checkout/find.ts'
import type { CheckoutParts } from '../checkout/parts.ts'
import { wayBack } from '../checkout/way-back.ts'
import { windowPath } from '../gateways/sandbox/pg-window.ts'
import { asset, sendAsset } from '../http/assets.ts'
import { attributeValue } from '../http/html.ts'
import type { Outcome } from '../http/outcome.ts'
import { answerProblems } from '../http/transport-errors.ts'
import { second } from '../kernel/clock.ts'
import { built } from './built.ts'

/**
 * Shoppers whose browser goes to an address of ours that fails read what to do, in place of JSON: where the page itself fails, and
 * where a PG sends them back. Scripts, and whoever asks for no page, are told in JSON as everybody is.
 */
export const serveProblemPage = (app: FastifyInstance, checkout: CheckoutParts): void => {
  const html = readFileSync(`${built('checkout')}index.html`, 'utf8')
  const show = async (request: FastifyRequest, reply: FastifyReply, { status, headers }: Outcome): Promise<void> => {
    const shop = (await shopOf(checkout, request)) ?? shops.get(request)
    const problem = ` data-problem="${problemOf(status)}"${shop === undefined ? '' : ` data-shop="${attributeValue(shop)}"`}`
    const page = asset('index.html', Buffer.from(html.replace('<html', `<html${problem}`)))
    reply.code(status).headers(headers).headers(protection)
    sendAsset(request, reply, page)
  }
  answerProblems(app, (request, reply, outcome) => {
    if (!isNavigation(request)) return false
    void show(request, reply, outcome).catch((error) => reply.send(error))
    return true
  })
}

/** Where the shoppers of requests under way came from. */
const shops = new WeakMap<FastifyRequest, string>()

/** Keeps the way back to the shop for when the store is reset before the request is answered: then nobody else knows it. */
export const noteShop = (request: FastifyRequest, { attempt }: Found): void => {
  const shop = wayBack(attempt)
  // A session's page is forgotten as well.
  if (shop !== undefined && attempt.surroundings.sessionId === undefined) shops.set(request, shop)
}

/** What `data-problem` says to the page. */
const problemOf = (status: number): 'BUSY' | 'FAILED' | 'UNKNOWN' => {
  if (status === 429) return 'BUSY'
  return status >= 500 ? 'FAILED' : 'UNKNOWN'
}

const isNavigation = ({ method, headers, raw: { url = '' } }: FastifyRequest): boolean => {
  if (!/^(GET|POST)$/.test(method) || !/\btext\/html\b/.test(headers.accept ?? '')) return false
  return url.startsWith(windowPath) || /^\/checkout(?!\/(v1|assets)\/)([/?]|$)/.test(url)
}

/** Where it is known. What has failed already is not waited for long. */
const shopOf = async (checkout: CheckoutParts, { raw: { url = '' } }: FastifyRequest): Promise<string | undefined> => {
  const [, token] = /^\/checkout\/(?:(?:return|form)\/)?([\w.-]+)(?:\?|$)/.exec(url) ?? []
  if (token === undefined) return undefined
  const found = findByToken(checkout, token).catch(() => undefined)
  const attempt = (await Promise.race([found, setTimeout(second, undefined, { ref: false })]))?.attempt
  return attempt && wayBack(attempt)
}

/** Whose frame it is in is not known where the database is away; it shows nothing and takes nothing. */
const protection = {
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "script-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    'frame-ancestors *',
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
}
