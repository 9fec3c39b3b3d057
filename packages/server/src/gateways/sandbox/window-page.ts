import type { Bank, EasyPayProvider } from '@naru/contract'
import { day } from '../../kernel/clock.ts'
import { minorUnitDigits } from '../../kernel/currency.ts'
import { randomDigits } from '../../kernel/ids.ts'
import type { MethodInWindow } from '../port/window.ts'
import type { SandboxWindow } from './books/windows.ts'
import { returnFields, type WindowStep, windowPath } from './pg-window.ts'

/** The sandbox PG's own window as HTML. It needs no script but to go on by itself, which a button does too. */
type Page = { readonly title: string; readonly nonce: string; readonly language: 'ko' | 'en'; readonly body: string }

const page = ({ title, nonce, language, body }: Page): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans KR", sans-serif }
body { margin: 0 auto; max-width: 26rem; padding: 1.5rem; background: Canvas; color: CanvasText }
label { display: block; margin: 1rem 0 0 } input, select { display: block; width: 100%; box-sizing: border-box; min-height: 3rem; padding: 0 .75rem; font: inherit }
button { width: 100%; min-height: 3rem; margin-top: 1rem; font: inherit; font-weight: 600 } .amount { font-size: 1.5rem; font-weight: 700 }
</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`

const texts = {
  ko: {
    title: 'PG 결제창 (테스트)',
    app: '은행 앱 (테스트)',
    card: '카드 번호',
    bank: '은행',
    phone: '휴대폰 번호',
    otp: '인증번호 (000000)',
    outcome: '테스트 결과',
    usual: '카드와 금액에 따름',
    outcomes: {
      approve: '승인',
      decline: '카드사 거절',
      'decline-insufficient': '잔액 부족',
      'shopper-cancel': '구매자 취소',
      'shopper-timeout': '인증 시간 초과',
      'doubt-approved': '응답 유실, 실제로는 승인',
    },
    banks: { SHINHAN: '신한은행', KOOKMIN: 'KB국민은행', WOORI: '우리은행', HANA: '하나은행' },
    pay: '결제하기',
    approve: '앱에서 승인',
    leave: '취소',
    over: '결제창이 끝났습니다.',
    next: '쇼핑몰로 돌아가기',
  },
  en: {
    title: 'PG window (test)',
    app: 'Bank app (test)',
    card: 'Card number',
    bank: 'Bank',
    phone: 'Phone number',
    otp: 'One-time code (000000)',
    outcome: 'Test outcome',
    usual: 'Depends on card and amount',
    outcomes: {
      approve: 'Approved',
      decline: 'Declined',
      'decline-insufficient': 'Insufficient funds',
      'shopper-cancel': 'Cancelled by the shopper',
      'shopper-timeout': 'Timed out',
      'doubt-approved': 'Response lost, actually approved',
    },
    banks: { SHINHAN: 'Shinhan Bank', KOOKMIN: 'KB Kookmin Bank', WOORI: 'Woori Bank', HANA: 'Hana Bank' },
    pay: 'Pay',
    approve: 'Approve in the app',
    leave: 'Cancel',
    over: 'This window is over.',
    next: 'Back to the shop',
  },
} as const

/** What the shopper sees while the window is open. */
export const windowPage = (window: SandboxWindow, isChallenged: boolean, nonce: string): string => {
  const { order } = window.contents
  const words = texts[order.language]
  const isApp = order.method !== undefined
  const title = isApp ? words.app : words.title
  const body = `<p>${escaped(order.orderName)}</p><p class="amount">${amountOf(order)}</p>
<form method="post" action="${windowPath}${window.windowId}">
${isApp ? '' : methodFields(window)}
${isChallenged ? input(words.otp, 'otp', 'one-time-code') : ''}
<label>${words.outcome}<select name="outcome"><option value="">${words.usual}</option>${optionsOf(words.outcomes)}</select></label>
<button type="submit" name="step" value="agree">${isApp ? words.approve : words.pay}</button>
<button type="submit" name="step" value="leave" formnovalidate>${words.leave}</button></form>`
  return page({ title, nonce, language: order.language, body })
}

/** `50,000원` in Korean, `₩50,000` in English; other currencies with their code. */
const amountOf = ({ amount, currency, language }: SandboxWindow['contents']['order']): string => {
  const digits = minorUnitDigits(currency)
  const number = (amount / 10 ** digits).toLocaleString('en-US', { minimumFractionDigits: digits })
  if (currency !== 'KRW') return `${currency} ${number}`
  return language === 'ko' ? `${number}원` : `₩${number}`
}

const optionsOf = (names: Readonly<Record<string, string>>): string =>
  Object.entries(names)
    .map(([code, name]) => `<option value="${code}">${name}</option>`)
    .join('')

const methodFields = ({ contents: { order } }: SandboxWindow): string => {
  const words = texts[order.language]
  switch (order.payMethod) {
    case 'CARD':
      return input(words.card, 'card', 'cc-number', '4242 4242 4242 4242')
    case 'VIRTUAL_ACCOUNT':
    case 'TRANSFER':
      return `<label>${words.bank}<select name="bank">${optionsOf(words.banks)}</select></label>`
    case 'MOBILE':
      return input(words.phone, 'phone', 'tel', '010-1234-5678')
    case 'EASY_PAY':
    case 'PAYPAL':
    case 'ALIPAY':
    case 'ALIPAY_PLUS':
    case 'GIFT_CERTIFICATE':
    case 'CONVENIENCE_STORE':
    case 'CRYPTO':
      return ''
  }
}

const banks: readonly Bank[] = ['SHINHAN', 'KOOKMIN', 'WOORI', 'HANA']

const input = (label: string, name: string, autocomplete: string, value = ''): string =>
  `<label>${label}<input name="${name}" autocomplete="${autocomplete}" inputmode="numeric" required value="${value}"></label>`

/** What was typed and pressed; what is missing or absurd is taken for what the form shows first. */
export const stepOf = (window: SandboxWindow, fields: Readonly<Record<string, string>>, now: number): WindowStep => ({
  method: window.contents.order.method ?? methodOf(window, fields, now),
  leaves: fields.step !== 'agree',
  testCode: fields.outcome || undefined,
  otp: fields.otp || undefined,
})

const methodOf = (
  { contents: { order } }: SandboxWindow,
  { card = '', bank: chosen, phone = '' }: Readonly<Record<string, string>>,
  now: number,
): MethodInWindow => {
  const bank = banks.find((one) => one === chosen) ?? 'SHINHAN'
  const wallet = (provider: EasyPayProvider): MethodInWindow => ({
    kind: 'EASY_PAY',
    method: { type: 'PaymentMethodEasyPay', provider, easyPayMethod: { type: 'PaymentMethodCard' } },
  })
  switch (order.payMethod) {
    case 'CARD': {
      const number = card.replaceAll(/\D/g, '')
      return { kind: 'CARD', credential: { number, expiryYear: '40', expiryMonth: '12' }, installmentMonth: 0 }
    }
    case 'VIRTUAL_ACCOUNT':
      return { kind: 'VIRTUAL_ACCOUNT', bank, expiresAt: now + 7 * day, validFor: 7 * day, accountType: 'NORMAL' }
    case 'TRANSFER':
      return { kind: 'TRANSFER', method: { type: 'PaymentMethodTransfer', bank } }
    case 'MOBILE': {
      const phoneNumber = phone.replaceAll(/\D/g, '')
      return { kind: 'MOBILE', method: { type: 'PaymentMethodMobile', phoneNumber } }
    }
    case 'EASY_PAY':
      return wallet('KAKAOPAY')
    case 'PAYPAL':
      return wallet('PAYPAL')
    case 'ALIPAY':
    case 'ALIPAY_PLUS':
      return wallet('ALIPAY')
    case 'GIFT_CERTIFICATE':
      return {
        kind: 'GIFT_CERTIFICATE',
        method: { type: 'PaymentMethodGiftCertificate', approvalNumber: randomDigits(8) },
      }
    case 'CONVENIENCE_STORE':
      return { kind: 'CONVENIENCE_STORE', method: { type: 'PaymentMethodConvenienceStore' } }
    case 'CRYPTO':
      return { kind: 'CRYPTO', method: { type: 'PaymentMethodCrypto' } }
  }
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
  const { title, over } = texts[order.language]
  const body = `<p>${over}</p>${form}<script nonce="${nonce}">${script}</script>`
  return { kind: 'page', html: page({ title, nonce, language: order.language, body }) }
}

const withFields = (url: string, fields: Readonly<Record<string, string>>): string =>
  `${url}?${new URLSearchParams(fields).toString()}`

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

/** JSON inside a script element: nothing in it may end that. */
const forScript = (json: string): string => json.replaceAll('<', '\\u003c')
