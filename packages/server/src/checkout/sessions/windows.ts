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

/**
 * What a PG charges in its own window from now on is given back, whatever became of the window on our side: the shopper who left
 * it, or was too slow, may still have it open at the PG. So is what it approves although the attempt has failed. Says whether there
 * were such windows.
 */
export const withdrawWindows = async (
  parts: CheckoutParts,
  store: Store,
  paymentId: string,
  isMeant: (window: Found) => boolean,
): Promise<boolean> => {
  const windows = (await windowsOf(parts, store, paymentId, awaitsCharge)).filter(isMeant)
  await Promise.all(windows.map((found) => withdrawWindow(parts.payments, keyOf(found), found.attempt.transactionId)))
  return windows.length > 0
}

/**
 * What a shopper has agreed to, and the merchant has not confirmed, is agreed to no more: its token would charge what is not offered any
 * longer, and the shopper has it. Says whether there was such a thing.
 */
export const withdrawTokens = async (
  parts: CheckoutParts,
  store: Store,
  paymentId: string,
  isMeant: (window: Found) => boolean,
): Promise<boolean> => {
  const windows = (await windowsOf(parts, store, paymentId, awaitsConfirmation)).filter(isMeant)
  await Promise.all(
    windows.map((found) =>
      leaveWindow(parts.payments, keyOf(found), found.attempt.transactionId, closedByShop(found), { byMerchant: true }),
    ),
  )
  return windows.length > 0
}
