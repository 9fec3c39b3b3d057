import type { FormMethod } from '@naru/contract'

/** The outcomes that a sandbox's page offers, by the codes of the sandbox PG. Every other code works by header or id. */
export const outcomesFor = (method: FormMethod): readonly string[] => {
  switch (method) {
    case 'CARD':
      return [...declines, 'decline-limit', 'decline-lost', ...common, 'dispute', 'cancel-decline']
    case 'VIRTUAL_ACCOUNT':
      return ['approve', 'va-auto-5', 'va-fail', 'va-never', 'va-wrong-amount', 'maintenance']
    case 'IDENTITY':
      return ['approve', 'otp-wrong', 'identity-limit', 'identity-under-age']
    case 'TRANSFER':
    case 'EASY_PAY':
    case 'MOBILE':
    case 'GIFT_CERTIFICATE':
    case 'CONVENIENCE_STORE':
      return [...declines, ...common]
    case 'CRYPTO':
      return [...declines, ...common, 'crypto-underpaid']
  }
}

const declines = ['approve', 'decline', 'decline-insufficient']
const common = [
  'shopper-cancel',
  'shopper-timeout',
  'maintenance',
  'slow-5',
  'doubt-approved',
  'doubt-failed',
  'pending-paid-10',
  'pending-failed-10',
  'late-success',
]
