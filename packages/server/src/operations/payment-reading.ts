import type { Body, PaymentFilterInput, Payment as PaymentView } from '@naru/contract'
import { backwardRange } from '../cash-receipts/of-payments.ts'
import { withCashReceipt } from '../cash-receipts/view.ts'
import type { Handlers } from '../http/handler.ts'
import { completeList, completeWindow, largestPage } from '../http/list-input.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { readCursor } from '../payment-reading/cursor.ts'
import { findPayments } from '../payment-reading/list.ts'
import { readPayment, type WholePayment, wholeView } from '../payment-reading/read.ts'
import type { Walk } from '../payment-reading/walk.ts'
import { moneyMovedAfter, paymentsAfter } from '../payment-reading/walked.ts'
import { paymentNotFound } from '../payments/rules/not-found.ts'
import type { Attempt } from '../payments/state/payment.ts'
import { eventView, transactionView } from '../payments/view.ts'
import { paymentWebhook } from '../webhooks/view.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clocksOf' | 'payments'>

type ReadingOperationId =
  | 'getPayment'
  | 'getPaymentTransactions'
  | 'getPayments'
  | 'getAllPaymentsByCursor'
  | 'getAllPaymentEventsByCursor'

export const paymentReadingOperations = (parts: Parts): Pick<Handlers, ReadingOperationId> => ({
  getPayment: forStore(parts.access, async ({ path, store }) => {
    const found = await readPayment(parts.payments.sql, { storeId: store.storeId, ...path })
    return (found && wholeView(found)) ?? paymentNotFound(path.paymentId)
  }),

  getPaymentTransactions: forStore(parts.access, async ({ path, store }) => {
    const found = await readPayment(parts.payments.sql, { storeId: store.storeId, ...path })
    return found && found.state.attempts.length > 0
      ? { items: found.state.attempts.map((attempt) => attemptView(found, attempt)) }
      : paymentNotFound(path.paymentId)
  }),

  getPayments: async ({ body, principal }) => {
    const { filter = {} } = body ?? {}
    if (filter.merchantId !== undefined && filter.merchantId !== principal.merchantId)
      return invalid('filter.merchantId must be the merchant of the credential.')
    const completed = await completeList(parts, principal, 'payments', body ?? {})
    if (completed instanceof Refusal) return completed
    const wide = tooManyTexts(filter)
    if (wide) return invalid(wide)
    const backward = backwardRange(filter)
    if (backward) return invalid(`filter.${backward}.from must not be later than its until.`)
    const found = await findPayments(parts.payments.sql, { ...completed, filter })
    const items = found.items.map(listedView)
    return { items, page: { ...completed.page, totalCount: found.totalCount } }
  },

  getAllPaymentsByCursor: forStore(parts.access, async ({ body, store }) => {
    const walk = await walkOf(parts, [store.storeId], body ?? {})
    if (walk instanceof Refusal) return walk
    const found = await paymentsAfter(parts.payments.sql, walk)
    return { items: found.map(({ payment, cursor }) => ({ payment: listedView(payment), cursor })) }
  }),

  getAllPaymentEventsByCursor: async ({ body, principal }) => {
    const stores = await parts.access.reachableStores(principal, body?.storeId)
    if (stores instanceof Refusal) return stores
    const storeIds = stores.map(({ storeId }) => storeId)
    const walk = await walkOf(parts, storeIds, body ?? {})
    if (walk instanceof Refusal) return walk
    const found = await moneyMovedAfter(parts.payments.sql, walk)
    const items = found.map(({ moved, webhooks, receipts, cursor }) => ({
      // As they are now: webhooks and receipts follow what happened.
      paymentEvent: withCashReceipt(eventView(moved, webhooks.map(paymentWebhook)), receipts),
      cursor,
    }))
    return { items }
  },
})

const attemptView = ({ state, webhooks, receipts }: WholePayment, attempt: Attempt) => {
  const own = (webhooks ?? []).filter(({ transactionId }) => transactionId === attempt.transactionId)
  return withCashReceipt(transactionView(state, attempt, own.map(paymentWebhook)), receipts)
}

/** PortOne names no limit. Each text is looked for by itself: 4,000 of them took the server from everybody for eight seconds. */
const [mostTexts, longestText] = [20, 10_000]

const tooManyTexts = ({ textSearch = [] }: PaymentFilterInput): string | undefined => {
  if (textSearch.length > mostTexts)
    return `filter.textSearch must have at most ${mostTexts} texts, which must all be found.`
  const long = textSearch.findIndex(({ value }) => value.length > longestText)
  return long < 0 ? undefined : `filter.textSearch[${long}].value must have at most ${longestText} characters.`
}

/** Lists select by status, which a payment has once it has an attempt. */
const listedView = (payment: WholePayment): PaymentView => {
  const view = wholeView(payment)
  if (!view) throw new Error(`payment ${payment.state.paymentId} is listed without an attempt`)
  return view
}

type CursorInput = Pick<NonNullable<Body<'getAllPaymentsByCursor'>>, 'cursor' | 'size' | 'from' | 'until'>

const walkOf = async (
  parts: Pick<Parts, 'clocksOf'>,
  storeIds: readonly string[],
  input: CursorInput,
): Promise<Walk | Refusal<'INVALID_REQUEST'>> => {
  const { size = 10 } = input
  if (size < 1 || size > largestPage) return invalid(`size must be 1 to ${largestPage}.`)
  const cursor = input.cursor === undefined ? undefined : readCursor(input.cursor)
  if (input.cursor !== undefined && !cursor) return invalid('cursor must be one that an earlier answer gave.')
  const window = await completeWindow(parts, storeIds, input)
  return window instanceof Refusal ? window : { storeIds, ...window, cursor, size }
}
