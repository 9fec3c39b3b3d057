import type { BrowserPayment, WindowOpening } from '@naru/contract'
import type { MethodInWindow, WindowContext, WindowOrder, WindowVerdict } from '../gateways/port/window.ts'
import { naruFailure } from '../kernel/codes.ts'
import type { Channel } from '../merchants/store.ts'
import type { Agreement } from '../payments/window.ts'
import { agree } from './agree.ts'
import type { CheckoutAttempt } from './attempt.ts'
import type { Found } from './find.ts'
import { languageOf } from './language.ts'
import { isOver } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { payMethodOf } from './pay-method.ts'
import { keepWindow } from './store.ts'

/** The context of what the PG is asked about a window. */
export const windowContext = async (
  { clockOf }: Pick<CheckoutParts, 'clockOf'>,
  { storeId, transactionId }: Pick<CheckoutAttempt, 'storeId' | 'transactionId'>,
  channel: Channel,
): Promise<WindowContext> => ({ storeId, channel, reference: transactionId, clock: await clockOf(storeId) })

/** What the PG's window is about. The amount is what is charged, after a promotion. */
export const windowOrder = (asked: BrowserPayment, amount: number, returnUrl: string): WindowOrder => ({
  orderName: asked.orderName,
  amount,
  currency: asked.currency,
  payMethod: payMethodOf(asked),
  customerId: asked.customer?.customerId,
  testCode: asked.bypass?.sandbox?.testCode,
  language: languageOf(asked),
  returnUrl,
})

/** Where the PG sends the browser back to. The token in it is the only thing that says whose window it was. */
export const returnUrlOf = (serverUrl: string, token: string): string => `${serverUrl}/checkout/return/${token}`

/**
 * The browser is back from the PG's window. What it brings is asked about, and the PG's answer held against the attempt:
 * another order, another amount or another currency is nobody's agreement to this one. Whatever comes twice, too late, or
 * without the PG knowing of it changes nothing.
 *
 * Where the PG gives no answer the attempt fails: it is charged by our approval alone, and there will be none.
 */
export const returnFromWindow = async (
  parts: CheckoutParts,
  found: Found,
  fields: Readonly<Record<string, string>>,
): Promise<void> => {
  const { attempt, channel } = found
  const window = parts.pgWindowOf(channel) ?? parts.windowOf(channel).bankApp
  const { pgWindow } = attempt
  if (attempt.kind !== 'PAYMENT' || !window || !pgWindow) return
  const context = await windowContext(parts, attempt, channel)
  if (await isOver(parts, found)) return
  await agree(parts, found, attempt.request.confirmUrl, {
    ask: async (agreement) => {
      const verdict = await window.verify(context, { memo: pgWindow.memo, fields })
      return decided(verdict, attempt.transactionId, agreement)
    },
  })
}

/** The shopper goes on in the app of the bank, where there is one; the browser comes back from it as from a PG's window. */
export const goOnInApp = async (
  parts: CheckoutParts,
  { attempt, channel }: Found,
  { asked, amount, method, token }: InApp,
): Promise<WindowOpening | undefined> => {
  const { bankApp } = parts.windowOf(channel)
  const { device, serverUrl } = attempt.surroundings
  if (!bankApp || method.kind !== 'TRANSFER' || device !== 'MOBILE' || serverUrl === undefined) return undefined
  const order = { ...windowOrder(asked, amount, returnUrlOf(serverUrl, token)), method }
  const prepared = await bankApp.prepare(await windowContext(parts, attempt, channel), order)
  if (prepared.kind !== 'prepared') return undefined
  await keepWindow(parts.sql, attempt, prepared)
  return prepared.opening
}

type InApp = {
  readonly asked: BrowserPayment
  readonly amount: number
  readonly method: MethodInWindow
  readonly token: string
}

const decided = (verdict: WindowVerdict, transactionId: string, { amount, attempt }: Agreement) => {
  const waiting = { kind: 'waiting' } as const
  switch (verdict.kind) {
    case 'waiting':
      return waiting
    case 'unknown':
      return { kind: 'failed', failure: naruFailure('NARU_WINDOW_UNKNOWN') } as const
    case 'failed':
      return verdict.reference === transactionId ? ({ kind: 'failed', failure: verdict.failure } as const) : waiting
    case 'authenticated': {
      const { reference, currency, authorization } = verdict
      // Somebody else's window, whose id was put into this address.
      if (reference !== transactionId) return waiting
      const isSame = verdict.amount === amount && currency === attempt.request.currency
      if (!isSame) return { kind: 'failed', failure: naruFailure('NARU_WINDOW_MISMATCH') } as const
      return { kind: 'authenticated', authorization } as const
    }
  }
}
