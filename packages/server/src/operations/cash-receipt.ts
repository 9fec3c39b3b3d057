import { cancelCashReceipt } from '../cash-receipts/cancel.ts'
import { issueCommand } from '../cash-receipts/input.ts'
import { issueCashReceipt } from '../cash-receipts/issue.ts'
import { findCashReceipts } from '../cash-receipts/list.ts'
import { notFound } from '../cash-receipts/rules.ts'
import { cashReceiptView } from '../cash-receipts/view.ts'
import type { Handlers } from '../http/handler.ts'
import { completeList } from '../http/list-input.ts'
import { toIso } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clocksOf' | 'cashReceipts'>

type CashReceiptOperationId =
  | 'issueCashReceipt'
  | 'cancelCashReceiptByPaymentId'
  | 'getCashReceiptByPaymentId'
  | 'getCashReceipts'

/** The cash receipts' part of the API. */
export const cashReceiptOperations = (parts: Parts): Pick<Handlers, CashReceiptOperationId> => {
  const { cashReceipts, access } = parts
  return {
    issueCashReceipt: forStore(access, async ({ body, caller, store }) => {
      const command = issueCommand(store, body, caller)
      if (command instanceof Refusal) return command
      const issued = await issueCashReceipt(cashReceipts, { store, id: body.paymentId }, command)
      if (issued instanceof Refusal) return issued
      const { issueNumber, url, pgReceiptId } = issued
      return { cashReceipt: { issueNumber, url, pgReceiptId } }
    }),

    cancelCashReceiptByPaymentId: forStore(access, async ({ path, caller, store }) => {
      const cancelled = await cancelCashReceipt(cashReceipts, { store, id: path.paymentId }, caller)
      if (cancelled instanceof Refusal) return cancelled
      return { cancelledAmount: cancelled.cancelledAmount, cancelledAt: toIso(cancelled.cancelledAt) }
    }),

    getCashReceiptByPaymentId: forStore(access, async ({ path, store }) => {
      const { state } = await cashReceipts.process.load({ store, id: path.paymentId })
      return cashReceiptView(state) ?? notFound(path.paymentId)
    }),

    getCashReceipts: async ({ body, principal }) => {
      const { filter = {}, sort = {} } = body ?? {}
      const completed = await completeList(parts, principal, 'cash receipts', body ?? {})
      if (completed instanceof Refusal) return completed
      const found = await findCashReceipts(cashReceipts.sql, { ...completed, filter, sort })
      const items = found.items.flatMap((state) => cashReceiptView(state) ?? [])
      return { items, page: { ...completed.page, totalCount: found.totalCount } }
    },
  }
}
