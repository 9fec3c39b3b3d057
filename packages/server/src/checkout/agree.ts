import type { PaymentMethod } from '@naru/contract'
import type { Instant } from '../kernel/clock.ts'
import { approveConfirmed } from '../payments/confirm.ts'
import type { Attempt } from '../payments/state/payment.ts'
import { type Agreement, agreeInWindow, type Charged, type Decided } from '../payments/window.ts'
import { approveNow } from './approve.ts'
import type { Found } from './find.ts'
import type { CheckoutParts } from './parts.ts'
import { keyOf, settledProgress } from './progress.ts'
import { paymentTokenOf } from './result.ts'

type Asking<Undecided> = {
  readonly method?: ((now: Instant) => PaymentMethod) | undefined
  readonly ask: (agreement: Agreement) => Promise<Decided | Charged | Undecided>
}

/** The PG was asked for the approval; the attempt says what came of that. */
export type Approved = { readonly kind: 'approved'; readonly attempt: Attempt }

/**
 * The shopper agrees, in our window or in the PG's, and the approval follows: at once, after the merchant's server was
 * asked, or when it confirms. Returns what the window said where nothing is decided yet, and the attempt where its approval is
 * known.
 *
 * - Twice at once, a double click, two tabs or a return that the browser repeats: one agreement counts.
 * - A crash after the agreement: nothing is charged. The page that is loaded again goes on (`awaitCheckout`).
 */
export const agree = async <Undecided extends { readonly kind: 'challenged' | 'waiting' | 'elsewhere' }>(
  parts: CheckoutParts,
  found: Found,
  confirmUrl: string | undefined,
  asking: Asking<Undecided>,
): Promise<Undecided | Approved | undefined> => {
  const { attempt, channel } = found
  const { transactionId } = attempt
  const paymentToken = paymentTokenOf(parts, attempt)
  const confirms = !channel.manualConfirm && confirmUrl === undefined
  const asks = !channel.manualConfirm && confirmUrl !== undefined
  const how = { paymentToken, until: attempt.expiresAt, confirms, asks, ...asking }
  const agreed = await agreeInWindow(parts.payments, keyOf(found), transactionId, how)
  switch (agreed.kind) {
    case 'closed':
      // Somebody agreed in this window at the same time: what comes of it is the answer to both.
      await settledProgress(parts, found)
      return undefined
    case 'confirmed':
      return {
        kind: 'approved',
        attempt: await approveConfirmed(parts.payments, keyOf(found), agreed.changed, agreed.attempt, undefined),
      }
    case 'agreed':
      if (!channel.manualConfirm) await approveNow(parts, keyOf(found), { transactionId, paymentToken }, confirmUrl)
      return undefined
    default:
      return agreed
  }
}
