import { minorUnitDigits } from '../../kernel/currency.ts'
import type { Challenge, WindowCharge, WindowOrder } from '../port/window.ts'
import type { SandboxWindow } from './books/windows.ts'
import { returnFields, windowPath } from './pg-window.ts'
import { fieldsOf, type Typed } from './window-fields.ts'
import { escaped, field, optionsOf } from './window-html.ts'
import { windowStyle } from './window-style.ts'
import { windowTexts as texts } from './window-texts.ts'

/** The sandbox PG's own window as HTML. It needs no script but to go on by itself, which a button does too. */
type Page = { readonly title: string; readonly nonce: string; readonly language: 'ko' | 'en'; readonly body: string }

const page = ({ title, nonce, language, body }: Page): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">
${windowStyle}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`

/** What the shopper sees while the window is open. `typed`: what stays filled in while a one-time code is asked for. */
export const windowPage = (
  window: SandboxWindow,
  challenge: Challenge | undefined,
  nonce: string,
  typed: Typed = {},
): string => {
  const { order } = window.contents
  const words = texts[order.language]
  const isApp = order.kind === 'PAYMENT' && order.method !== undefined
  const title = isApp ? words.app : words.titles[order.kind]
  const body = `${headOf(order)}
<form method="post" action="${windowPath}${window.windowId}">
${isApp ? '' : fieldsOf(order, typed)}
${challenge ? codeField(order, challenge) : ''}
<label>${words.outcome}<select name="outcome"><option value="">${words.usual}</option>${optionsOf(words.outcomes, typed.outcome)}</select></label>
<button type="submit" name="step" value="agree">${isApp ? words.approve : words.buttons[order.kind]}</button>
<button type="submit" name="step" value="leave" formnovalidate>${words.leave}</button></form>`
  return page({ title, nonce, language: order.language, body })
}

const codeField = ({ language }: WindowOrder, { problem }: Challenge): string => {
  const { otp: label, otpProblems } = texts[language]
  const told = problem === undefined || problem === 'TOO_MANY' ? '' : `<p role="alert">${otpProblems[problem]}</p>`
  return `${told}${field({ label, name: 'otp', autocomplete: 'one-time-code' })}`
}

const headOf = (order: WindowOrder): string => {
  if (order.kind === 'IDENTITY') return ''
  const charge = order.kind === 'PAYMENT' ? order : order.charge
  return `<p>${escaped(order.orderName)}</p>${charge ? `<p class="amount">${amountOf(charge, order.language)}</p>` : ''}`
}

/** `50,000원` in Korean, `₩50,000` in English; other currencies with their code. */
const amountOf = ({ amount, currency }: WindowCharge, language: 'ko' | 'en'): string => {
  const digits = minorUnitDigits(currency)
  const number = (amount / 10 ** digits).toLocaleString('en-US', { minimumFractionDigits: digits })
  if (currency !== 'KRW') return `${currency} ${number}`
  return language === 'ko' ? `${number}원` : `₩${number}`
}

/** How the browser is sent back. */
export type GoingBack =
  | { readonly kind: 'location'; readonly url: string }
  | { readonly kind: 'page'; readonly html: string }

/** By address, by a form that sends itself, or, in a frame of the PG's script, by a message to that. */
export const goingBack = (window: SandboxWindow, nonce: string): GoingBack => {
  const { order, manner } = window.contents
  const fields = returnFields(window)
  if (manner.opens === 'script') {
    const message = JSON.stringify({ sandboxPg: window.windowId, fields, url: order.returnUrl, method: manner.returns })
    return overPage(window, nonce, '', `parent.postMessage(${forScript(message)}, '*')`)
  }
  if (manner.returns === 'GET') return { kind: 'location', url: withFields(order.returnUrl, fields) }
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
  const form = `<form method="post" action="${escaped(order.returnUrl)}">${inputs.join('')}<button>${texts[order.language].next}</button></form>`
  return overPage(window, nonce, form, 'document.forms[0].submit()')
}

const overPage = ({ contents: { order } }: SandboxWindow, nonce: string, form: string, script: string): GoingBack => {
  const { titles, over } = texts[order.language]
  const body = `<p>${over}</p>${form}<script nonce="${nonce}">${script}</script>`
  return { kind: 'page', html: page({ title: titles[order.kind], nonce, language: order.language, body }) }
}

const withFields = (url: string, fields: Readonly<Record<string, string>>): string =>
  `${url}?${new URLSearchParams(fields).toString()}`

/** JSON inside a script element: nothing in it may end that. */
const forScript = (json: string): string => json.replaceAll('<', '\\u003c')
