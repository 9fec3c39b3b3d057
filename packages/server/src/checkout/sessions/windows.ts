import type { Store } from '../../merchants/store.ts'
import { awaitsCharge } from '../../payments/rules/unwanted-charge.ts'
import type { Attempt } from '../../payments/state/payment.ts'
import { awaitsConfirmation } from '../../payments/state/window.ts'
import { leaveWindow, withdrawWindow } from '../../payments/window.ts'
import { type Found, findByKey } from '../find.ts'
import { closedByShop } from '../leave.ts'
import type { CheckoutParts } from '../parts.ts'
import { keyOf } from '../progress.ts'

/** The windows that were opened from sessions of an order, of those attempts at it that `isMeant`. */
export const windowsOf = async (
  parts: CheckoutParts,
  store: Store,
  paymentId: string,
  isMeant: (attempt: Attempt) => boolean,
): Promise<readonly Found[]> => {
  const { state } = await parts.payments.process.load({ store, id: paymentId })
  const meant = state.attempts.filter(isMeant)
  const windows = await Promise.all(meant.map(({ transactionId }) => findByKey(parts, store.storeId, transactionId)))
  return windows.flatMap((window) => (window?.attempt.surroundings.sessionId === undefined ? [] : [window]))
}

type Withdraw = (
  parts: CheckoutParts,
  store: Store,
  paymentId: string,
  isMeant: (window: Found) => boolean,
) => Promise<boolean>

/** Has done with each window of an order that is meant what ends it, where there is something to end. Says whether there was. */
const withdrawing =
  (
    isConcerned: (attempt: Attempt) => boolean,
    withdraw: (parts: CheckoutParts, window: Found) => Promise<unknown>,
  ): Withdraw =>
  async (parts, store, paymentId, isMeant) => {
    const windows = (await windowsOf(parts, store, paymentId, isConcerned)).filter(isMeant)
    await Promise.all(windows.map((window) => withdraw(parts, window)))
    return windows.length > 0
  }

/**
 * What a PG charges in its own window from now on is given back, whatever became of the window on our side: the shopper who left
 * it, or was too slow, may still have it open at the PG. So is what it approves although the attempt has failed. Says whether there
 * were such windows.
 */
export const withdrawWindows: Withdraw = withdrawing(awaitsCharge, ({ payments }, window) =>
  withdrawWindow(payments, keyOf(window), window.attempt.transactionId),
)

/**
 * What a shopper has agreed to, and the merchant has not confirmed, is agreed to no more: its token would charge what is not offered any
 * longer, and the shopper has it. Says whether there was such a thing.
 */
export const withdrawTokens: Withdraw = withdrawing(awaitsConfirmation, ({ payments }, window) =>
  leaveWindow(payments, keyOf(window), window.attempt.transactionId, closedByShop(window), { byMerchant: true }),
)
