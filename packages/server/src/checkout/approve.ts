import type { AggregateKey } from '../aggregates/aggregate.ts'
import { naruFailure } from '../kernel/codes.ts'
import { digestOf } from '../kernel/digest.ts'
import { Refusal } from '../kernel/refusal.ts'
import { confirm } from '../payments/confirm.ts'
import { confirmProcess } from '../payments/confirm-process.ts'
import { leaveWindow } from '../payments/window.ts'
import type { CheckoutParts } from './parts.ts'

/** The approval itself, after the merchant's server agreed where the shop wants it asked. */
export const approveNow = async (
  parts: CheckoutParts,
  key: AggregateKey,
  opened: { readonly transactionId: string; readonly paymentToken: string },
  confirmUrl: string | undefined,
): Promise<void> => {
  const { transactionId, paymentToken } = opened
  if (confirmUrl !== undefined) {
    const confirmed = await confirmProcess(parts, key, opened, confirmUrl, undefined)
    if (confirmed instanceof Refusal && confirmed.body.type === 'INVALID_REQUEST')
      await leaveWindow(parts.payments, key, transactionId, notApprovable(confirmed))
    return
  }
  const confirmed = await confirm(parts.payments, key, { tokenDigest: digestOf(paymentToken) })
  if (confirmed instanceof Refusal && confirmed.body.type !== 'PG_PROVIDER')
    await leaveWindow(parts.payments, key, transactionId, notApprovable(confirmed))
}

/** The order was paid otherwise, or pre-registered with other amounts, since the window opened: nothing was charged. */
const notApprovable = ({ body }: Refusal) =>
  body.type === 'ALREADY_PAID'
    ? naruFailure('NARU_ALREADY_PAID')
    : naruFailure('NARU_NOT_APPROVABLE', { message: body.message ?? 'The payment can no longer be approved.' })
