import type { BrowserBillingKey, BrowserBillingKeyAndPayment, SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { confirmIssue } from '../billing-keys/confirm.ts'
import { confirmIssueAndPay } from '../billing-keys/confirm-and-pay.ts'
import { agreeToStore } from '../billing-keys/open-window.ts'
import type { MethodToStore } from '../gateways/port/window.ts'
import { naruFailure } from '../kernel/codes.ts'
import { compact } from '../kernel/compact.ts'
import { Refusal } from '../kernel/refusal.ts'
import { selectedChannel } from '../merchants/store.ts'
import { customerOf, paymentRequest } from '../payments/requests/input.ts'
import { billingTokenOf } from './billing-progress.ts'
import type { Found } from './find.ts'
import { formFor } from './form-for.ts'
import { customerOf as browserCustomer, customDataText, orderOf } from './order.ts'
import type { CheckoutParts } from './parts.ts'
import { agreeOnce, endAttempt } from './store.ts'

type Asked = BrowserBillingKey | BrowserBillingKeyAndPayment

/**
 * Takes what a shopper wants stored to the PG's window, and has it issued (and charged) at once, unless the merchant's
 * server is to confirm it. A window that was left at the same time was left: whoever writes first decides.
 */
export const submitBillingKey = async (
  parts: CheckoutParts,
  found: Found,
  asked: Asked,
  submission: SubmitCheckout,
): Promise<SubmitAnswer | undefined> => {
  const { attempt, store, channel } = found
  if (attempt.ending) return undefined
  const shown = methodOf(found, submission)
  if (typeof shown === 'string') return { kind: 'invalid', problem: shown }
  const customer = asked.customer && browserCustomer(asked.customer)
  const key = { store, id: attempt.subjectId }
  const agreed = await agreeToStore(parts.billingKeys, parts.windowOf(channel), key, shown, {
    request: {
      customer: customerOf(customer ?? {}),
      customData: customDataText(asked.customData),
      noticeUrls: asked.noticeUrls?.length ? asked.noticeUrls : undefined,
    },
    channel: selectedChannel(channel),
    payment: firstPaymentOf(asked),
    secret: billingTokenOf(parts, attempt),
    otp: submission.otp,
    testCode: submission.outcome ?? asked.bypass?.sandbox?.testCode,
  })
  if (agreed instanceof Refusal) {
    const { pgCode, pgMessage } = agreed.body
    // Only what nobody agreed to: another tab may be having its card issued.
    await endAttempt(parts.sql, attempt, { kind: 'FAILED', pgCode, pgMessage }, 'OPEN')
    return undefined
  }
  if (agreed.kind === 'challenged') return agreed.isWrong ? { kind: 'invalid', problem: 'OTP' } : { kind: 'challenge' }
  const isFirst = await agreeOnce(parts.sql, attempt)
  if (isFirst && !channel.manualConfirm) await issueNow(parts, found, agreed.billingIssueToken)
  return undefined
}

/** Issues what was agreed to, and charges it where the shopper agreed to a payment. Twice does no harm. */
export const issueNow = async (parts: CheckoutParts, { attempt, store }: Found, token: string): Promise<void> => {
  const origin = { platformType: 'PC', ipAddress: '0.0.0.0' } as const
  const confirmed =
    attempt.kind === 'ISSUE_BILLING_KEY_AND_PAY'
      ? await confirmIssueAndPay(parts, store, {
          billingIssueToken: token,
          payment: {},
          origin: attempt.surroundings.origin ?? origin,
        })
      : await confirmIssue(parts.billingKeys, store, { billingIssueToken: token })
  if (!(confirmed instanceof Refusal)) return
  const { body } = confirmed
  // The other request that agreed is issuing it, or the PG has not said yet: the key itself tells.
  if (body.type === 'BILLING_KEY_ALREADY_ISSUED') return
  if (body.type === 'PG_PROVIDER' && body.pgCode === 'NARU_RESULT_UNKNOWN') return
  const message = body.message ?? 'The billing key could not be issued.'
  const { pgCode, pgMessage } = body.type === 'PG_PROVIDER' ? body : naruFailure('NARU_NOT_APPROVABLE', { message })
  await endAttempt(parts.sql, attempt, { kind: 'FAILED', pgCode, pgMessage })
}

const firstPaymentOf = (asked: Asked) => {
  if (!('paymentId' in asked)) return undefined
  const request = paymentRequest(orderOf(asked))
  // It was looked at when the window opened.
  if (request instanceof Refusal) throw new Error(`the order of ${asked.paymentId} cannot be a payment`)
  return { paymentId: asked.paymentId, request }
}

const methodOf = (found: Found, submission: SubmitCheckout): MethodToStore | 'METHOD' => {
  const form = formFor(found)
  const { card, wallet, account, mobile, customer } = submission
  switch (form.method) {
    case 'CARD': {
      if (!card) return 'METHOD'
      const { number, expiryYear, expiryMonth, birth, password } = card
      const secrets = { birthOrBusinessRegistrationNumber: birth, passwordTwoDigits: password }
      return { credential: { number, expiryYear, expiryMonth, ...secrets } }
    }
    case 'EASY_PAY': {
      if (!wallet || !form.wallets.includes(wallet)) return 'METHOD'
      const method = { type: 'BillingKeyPaymentMethodEasyPayCharge' } as const
      return { method: { type: 'BillingKeyPaymentMethodEasyPay', provider: wallet, method } }
    }
    case 'TRANSFER': {
      if (!account?.number || !form.banks.includes(account.bank)) return 'METHOD'
      const digits = account.number.replaceAll('-', '')
      const accountNumber = '*'.repeat(digits.length - 4) + digits.slice(-4)
      return { method: { type: 'BillingKeyPaymentMethodTransfer', bank: account.bank, accountNumber } }
    }
    case 'MOBILE': {
      const phoneNumber = customer.phoneNumber?.replaceAll(/\D/g, '') ?? ''
      if (!mobile || !form.carriers.includes(mobile.carrier)) return 'METHOD'
      return { method: { type: 'BillingKeyPaymentMethodMobile', ...compact({ phoneNumber }) } }
    }
    case 'VIRTUAL_ACCOUNT':
    case 'GIFT_CERTIFICATE':
    case 'CONVENIENCE_STORE':
    case 'CRYPTO':
    case 'IDENTITY':
      return 'METHOD'
  }
}
