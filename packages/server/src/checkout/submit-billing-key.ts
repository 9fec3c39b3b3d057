import type { SubmitAnswer, SubmitCheckout } from '@naru/contract'
import { askWindow } from '../billing-keys/open-window.ts'
import type { MethodToStore } from '../gateways/port/window.ts'
import { compact } from '../kernel/compact.ts'
import { mobileNumber } from '../kernel/mobile-number.ts'
import { agreeAndIssue, storingTerms } from './agree-to-store.ts'
import type { StoringRequest } from './attempt.ts'
import { type CodesRefused, challengeOf } from './challenge.ts'
import type { Found } from './find.ts'
import { formFor } from './form-for.ts'
import type { CheckoutParts } from './parts.ts'

/** Takes what a shopper wants stored to the window that we show for the PG. */
export const submitBillingKey = async (
  parts: CheckoutParts,
  found: Found,
  asked: StoringRequest,
  submission: SubmitCheckout,
): Promise<SubmitAnswer | CodesRefused | undefined> => {
  const { attempt, store, channel } = found
  const shown = methodOf(parts, found, submission)
  if (typeof shown === 'string') return { kind: 'invalid', problem: shown }
  const { customer } = storingTerms(asked.request)
  const testCode = submission.outcome ?? asked.request.bypass?.sandbox?.testCode
  const context = { storeId: store.storeId, reference: attempt.transactionId }
  const ask = askWindow(parts.windowOf(channel), context, shown, { customer, testCode, otp: submission.otp })
  const undecided = await agreeAndIssue(parts, found, asked, ask)
  if (undecided === undefined) return undefined
  return challengeOf(undecided)
}

const methodOf = (parts: CheckoutParts, found: Found, submission: SubmitCheckout): MethodToStore | 'METHOD' => {
  const form = formFor(parts, found)
  const { card, wallet, account, mobile, customer } = submission
  switch (form.method) {
    case 'CARD': {
      if (!card || (card.usesPoints && !form.takesPoints)) return 'METHOD'
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
      const phoneNumber = mobileNumber(customer.phoneNumber ?? '') ?? ''
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
