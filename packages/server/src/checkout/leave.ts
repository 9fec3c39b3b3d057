import { leave } from '../identity-verifications/rules.ts'
import { leaveWindow } from '../payments/window.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './parts.ts'
import { keyOf } from './progress.ts'
import { endAttempt } from './store.ts'

type Failure = { readonly pgCode: string; readonly pgMessage: string }

export const left: Failure = { pgCode: 'PAY_PROCESS_CANCELED', pgMessage: '사용자가 결제를 취소했습니다' }
export const expired: Failure = { pgCode: 'PAY_PROCESS_EXPIRED', pgMessage: '결제 시간이 만료되었습니다' }
export const codesRefused: Failure = {
  pgCode: 'PAY_PROCESS_ABORTED',
  pgMessage: '인증번호를 여러 번 잘못 입력하여 중단되었습니다',
}

/**
 * Ends an attempt that nobody will complete. One commit decides between this and an approval that begins at the same time:
 * what is being approved, and what waits for the merchant's confirmation, goes on.
 */
export const leaveAttempt = async (parts: CheckoutParts, found: Found, failure: Failure): Promise<void> => {
  const { attempt, channel } = found
  const key = keyOf(found)
  switch (attempt.kind) {
    case 'PAYMENT':
      await leaveWindow(parts.payments, key, attempt.transactionId, failure, {
        onlyOpen: channel.manualConfirm,
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
