import type { BrowserPayment, SubmitAnswer, SubmitCheckout } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { keepForPayment } from '../cash-receipts/issue-awaited.ts'
import { selectedChannel } from '../merchants/store.ts'
import { agreeInWindow } from '../payments/window.ts'
import { approveNow } from './approve.ts'
import type { Found } from './find.ts'
import { type Chosen, chosenMethod } from './method.ts'
import type { CheckoutParts } from './parts.ts'
import { settledProgress } from './progress.ts'
import { paymentTokenOf } from './result.ts'

/**
 * Takes what a shopper pays with to the PG's window, and lets the approval follow: at once, after the merchant's server
 * was asked, or when it confirms. Returns nothing where the payment is decided, or waits for the merchant.
 *
 * - Twice at once, a double click or two tabs: one agreement counts, and both answers tell what came of it.
 * - A crash after the agreement: nothing is charged. The page that is loaded again goes on (`awaitCheckout`).
 */
export const submitPayment = async (
  parts: CheckoutParts,
  found: Found,
  asked: BrowserPayment,
  submission: SubmitCheckout,
): Promise<SubmitAnswer | undefined> => {
  const { attempt, store, channel } = found
  const key: AggregateKey = { store, id: attempt.subjectId }
  const { transactionId } = attempt
  const chosen = chosenMethod(found, asked, submission)
  if (typeof chosen === 'string') return { kind: 'invalid', problem: chosen }
  const paymentToken = paymentTokenOf(parts, attempt)
  const { testCode } = asked.bypass?.sandbox ?? {}
  const agreed = await agreeInWindow(parts.payments, key, transactionId, {
    paymentToken,
    method: chosen.shown,
    ask: async ({ amount, attempt: { request }, now }) => {
      await keepReceipt(parts, found, chosen, request)
      return await parts.windowOf(channel).authenticate(store.storeId, {
        method: chosen.inWindow(now),
        amount,
        currency: request.currency,
        customerId: request.customer.id,
        testCode: submission.outcome ?? testCode,
        phoneNumber: submission.customer.phoneNumber?.replaceAll(/\D/g, ''),
        otp: submission.otp,
        now,
      })
    },
  })
  switch (agreed.kind) {
    case 'challenged':
      return agreed.isWrong ? { kind: 'invalid', problem: 'OTP' } : { kind: 'challenge' }
    case 'closed':
      // Somebody agreed in this window at the same time: what comes of it is the answer to both.
      await settledProgress(parts, found)
      return undefined
    case 'agreed':
      if (!channel.manualConfirm) await approveNow(parts, key, { transactionId, paymentToken }, asked.confirmUrl)
      return undefined
  }
}

const keepReceipt = async (
  parts: CheckoutParts,
  { attempt, store, channel }: Found,
  { receipt }: Chosen,
  request: Parameters<typeof keepForPayment>[3]['request'],
): Promise<void> => {
  if (!receipt) return
  const { transactionId } = attempt
  const key = { store, id: attempt.subjectId }
  const wanted = { type: receipt.type, identityNumber: receipt.number }
  await keepForPayment(parts.cashReceipts, key, wanted, { transactionId, channel: selectedChannel(channel), request })
}
