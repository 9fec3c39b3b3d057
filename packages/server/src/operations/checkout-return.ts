import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findByToken } from '../checkout/find.ts'
import type { CheckoutParts } from '../checkout/parts.ts'
import { returnFromWindow } from '../checkout/pg-window.ts'
import { formFields } from '../http/form.ts'
import { noteShop } from './problem-page.ts'

type Returning = FastifyRequest<{ Params: { token: string } }>

/**
 * Where PGs send browsers back to, by GET or by POST: from another site, with no cookie, perhaps in another browser than the
 * one that left. The token says whose return it is, and the PG whether it counts. What follows is our page in either case,
 * by GET: loading that again repeats nothing.
 */
export const serveCheckoutReturn = (app: FastifyInstance, checkout: CheckoutParts): void => {
  const answer = async (request: Returning, reply: FastifyReply) => {
    const { token } = request.params
    const found = await findByToken(checkout, token)
    if (found) {
      noteShop(request, found)
      await returnFromWindow(checkout, found, formFields(request))
    }
    return showPage(reply, token)
  }
  app.get<{ Params: { token: string } }>('/checkout/return/:token', answer)
  app.post<{ Params: { token: string } }>('/checkout/return/:token', answer)
  // Damaged on the way: our page says that it knows no such payment.
  app.post('/checkout/return/*', (_request, reply) => showPage(reply, 'return'))
}

/** Leads to the checkout's page. */
export const showPage = (reply: FastifyReply, token: string) =>
  reply
    .code(303)
    .header('location', `/checkout/${encodeURIComponent(token)}`)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .send()
