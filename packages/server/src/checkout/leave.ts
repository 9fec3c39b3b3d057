import type { CheckoutKind, CloseCheckout } from '@naru/contract'
import { leave } from '../identity-verifications/rules.ts'
import { naruFailure } from '../kernel/codes.ts'
import { leaveWindow } from '../payments/window.ts'
import { closedCode, expiredCode, leftCode } from './failures.ts'
import type { Found } from './find.ts'
import { languageOf, type Words } from './language.ts'
import type { CheckoutParts } from './parts.ts'
import { keyOf } from './progress.ts'
import { endAttempt } from './store.ts'

export type Failure = { readonly pgCode: string; readonly pgMessage: string }

/** What ends, and in which language the shopper reads of it. */
type Ended = {
  readonly attempt: { readonly kind: CheckoutKind; readonly request: { readonly locale?: string | undefined } }
}

/** How a window ends without a word of the PG's: the shopper reads it in the language of the page. */
const ending =
  (pgCode: string, words: Words, ofKinds: Partial<Readonly<Record<CheckoutKind, Words>>> = {}) =>
  ({ attempt }: Ended): Failure => {
    const { [attempt.kind]: own = words } = ofKinds
    return { pgCode, pgMessage: own[languageOf(attempt.request)] }
  }

export const left = ending(
  leftCode,
  { ko: '사용자가 결제를 취소했습니다', en: 'The shopper cancelled' },
  {
    ISSUE_BILLING_KEY: {
      ko: '사용자가 결제 수단 등록을 취소했습니다',
      en: 'The shopper cancelled saving the payment method',
    },
    IDENTITY_VERIFICATION: { ko: '사용자가 본인인증을 취소했습니다', en: 'The shopper cancelled the verification' },
  },
)
export const expired = ending(
  expiredCode,
  { ko: '결제 시간이 만료되었습니다', en: 'The time is over' },
  {
    ISSUE_BILLING_KEY: {
      ko: '결제 수단 등록 시간이 만료되었습니다',
      en: 'The time to save the payment method is over',
    },
    IDENTITY_VERIFICATION: { ko: '본인인증 시간이 만료되었습니다', en: 'The time for the verification is over' },
  },
)
export const closedByShop = ending(closedCode, {
  ko: '상점에서 결제를 닫았습니다',
  en: 'The shop closed this payment',
})
export const codesRefused = ending('PAY_PROCESS_ABORTED', {
  ko: '인증번호를 여러 번 잘못 입력하여 중단되었습니다',
  en: 'The one-time code was wrong too many times',
})

/** Nobody has left it: the script closed it by itself. */
export const closedByScript: Readonly<Record<NonNullable<CloseCheckout['reason']>, Failure>> = {
  REPLACED: naruFailure('NARU_WINDOW_REPLACED'),
  NOT_LOADED: naruFailure('NARU_WINDOW_NOT_LOADED'),
}

/**
 * Ends an attempt that nobody will complete. One commit decides between this and an approval that begins at the same time:
 * what is being approved, and what waits for the merchant's confirmation, goes on.
 */
export const leaveAttempt = async (
  parts: CheckoutParts,
  found: Found,
  failure: Failure,
  how: { readonly onlyOpen?: boolean; readonly patience?: number } = {},
): Promise<void> => {
  const { attempt, channel } = found
  const key = keyOf(found)
  switch (attempt.kind) {
    case 'PAYMENT':
      await leaveWindow(parts.payments, key, attempt.transactionId, failure, {
        ...how,
        onlyOpen: how.onlyOpen || channel.manualConfirm,
        byMerchant: failure.pgCode === closedCode,
      })
      return
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      await endAttempt(parts.sql, attempt, { kind: 'FAILED', ...failure }, 'OPEN')
      return
    case 'IDENTITY_VERIFICATION':
      await parts.verifications.process.apply(key, (state) => leave(state, attempt.transactionId, failure))
  }
}
