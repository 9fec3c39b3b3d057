import { readFileSync } from 'node:fs'
import type { WindowOpening } from '@naru/contract'
import type { FastifyInstance } from 'fastify'
import { findByToken } from '../checkout/find.ts'
import { languageOf } from '../checkout/language.ts'
import type { CheckoutParts } from '../checkout/parts.ts'
import { viewOf } from '../checkout/view.ts'
import { asset, sendAsset } from '../http/assets.ts'
import { attributeValue } from '../http/html.ts'
import { built } from './built.ts'
import { protectPage } from './checkout-pages.ts'
import { showPage } from './checkout-return.ts'
import { noteShop } from './problem-page.ts'

/**
 * Serves the form that opens a PG's window, in a page that sends it while it loads. HTML has a form that is sent so take the place of
 * its page in the browser's history. Sent from the checkout's page, which has loaded long before, it would leave that page behind,
 * and going back would lead from the PG's window into the PG's window.
 */
export const serveCheckoutForm = (app: FastifyInstance, checkout: CheckoutParts): void => {
  const html = readFileSync(`${built('checkout')}index.html`, 'utf8')
  app.get<{ Params: { token: string } }>('/checkout/form/:token', async (request, reply) => {
    const { token } = request.params
    const found = await findByToken(checkout, token)
    if (found) noteShop(request, found)
    const opening = found && (await viewOf(checkout, found)).pgWindow
    // Paid, left or over meanwhile: the checkout's page says so.
    if (!found || opening?.kind !== 'FORM') return showPage(reply, token)
    protectPage(reply, found, { sendsAnywhere: true })
    const page = html
      .replace('lang="ko"', `lang="${languageOf(found.attempt.request)}"`)
      .replace('</body>', () => `${formOf(opening)}</body>`)
    return sendAsset(request, reply, asset('index.html', Buffer.from(page)))
  })
}

const formOf = ({ action, fields }: Extract<WindowOpening, { kind: 'FORM' }>): string => {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${attributeValue(name)}" value="${attributeValue(value)}">`,
  )
  return `<form id="pg-window" method="post" action="${attributeValue(action)}" hidden>${inputs.join('')}</form>`
}
