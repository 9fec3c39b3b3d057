import type { BrowserPayment, SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { keepForPayment } from '../cash-receipts/issue-awaited.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { selectedChannel } from '../merchants/store.ts'
import { type Approved, agree } from './agree.ts'
import { type CodesRefused, challengeOf } from './challenge.ts'
import type { Found } from './find.ts'
import { type Chosen, chosenMethod } from './method.ts'
import type { CheckoutParts } from './parts.ts'
import { goOnInApp } from './pg-window.ts'

/**
 * Takes what a shopper pays with to the PG's window, and lets the approval follow. Returns nothing where somebody else decided
 * the payment, or it waits for the merchant.
 */
export const submitPayment = async (
  parts: CheckoutParts,
  found: Found,
  asked: BrowserPayment,
  submission: SubmitCheckout,
): Promise<SubmitAnswer | CodesRefused | Approved | undefined> => {
  const { attempt, channel } = found
  const chosen = chosenMethod(parts, found, asked, submission)
  if (typeof chosen === 'string') return { kind: 'invalid', problem: chosen }
  const { testCode } = asked.bypass?.sandbox ?? {}
  const context = { storeId: attempt.storeId, reference: attempt.transactionId }
  const agreed = await agree(parts, found, asked.confirmUrl, {
    method: chosen.shown,
    ask: async ({ amount, attempt: payment, now }) => {
      const { request } = payment
      await keepReceipt(parts, found, chosen, request)
      const method = chosen.inWindow(now)
      const opening = await goOnInApp(parts, found, { asked, payment, method, token: submission.token })
      if (opening) return { kind: 'elsewhere', opening } as const
      return await parts.windowOf(channel).authenticate(context, {
        method,
        amount,
        currency: request.currency,
        customerId: request.customer.id,
        testCode: submission.outcome ?? testCode,
        phoneNumber: mobileNumber(submission.customer.phoneNumber ?? ''),
        otp: submission.otp,
        now,
      })
    },
  })
  return agreed?.kind === 'challenged' ? challengeOf(agreed) : agreed
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
