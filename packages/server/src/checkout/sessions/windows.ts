import type { Store } from '../../merchants/store.ts'
import { awaitsCharge } from '../../payments/rules/unwanted-charge.ts'
import type { Attempt } from '../../payments/state/payment.ts'
import { awaitsShopperOrShop } from '../../payments/state/window.ts'
import { leaveWindow, withdrawWindow } from '../../payments/window.ts'
import { type Found, findByKey } from '../find.ts'
import { closedByShop } from '../leave.ts'
import type { CheckoutParts } from '../parts.ts'
import { keyOf, settledProgress } from '../progress.ts'

/**
 * Withdraws the windows of an order that is meant, and says whether there were any. Each step decides in a commit of the payment, and
 * looks at it after the step before, so that whatever comes at the same moment falls to one of them:
 *
 * - What is not being approved ends, also where a shopper has agreed to it: who agrees, or confirms, later finds it ended.
 * - What is being approved is waited for.
 * - What a PG charges in its own window from now on is given back, whatever became of the window on our side: the shopper who left it,
 *   or was too slow, may still have it open at the PG. So is what it approves although the attempt has failed.
 *
 * A window that opens meanwhile looks itself whether it may (`openPayment`).
 */
export const withdrawWindows = async (
  parts: CheckoutParts,
  store: Store,
  paymentId: string,
  isMeant: (window: Found) => boolean,
): Promise<boolean> => {
  const each = async (
    isConcerned: (attempt: Attempt) => boolean,
    step: (window: Found) => Promise<unknown>,
  ): Promise<boolean> => {
    const windows = (await windowsOf(parts, store, paymentId, isConcerned)).filter(isMeant)
    await Promise.all(windows.map(step))
    return windows.length > 0
  }
  const { payments } = parts
  const areEnded = await each(awaitsShopperOrShop, (window) =>
    leaveWindow(payments, keyOf(window), window.attempt.transactionId, closedByShop(window), { byMerchant: true }),
  )
  const areAwaited = await each(isBeingDecided, (window) => settledProgress(parts, window))
  const areRefused = await each(awaitsCharge, (window) =>
    withdrawWindow(payments, keyOf(window), window.attempt.transactionId),
  )
  return areEnded || areAwaited || areRefused
}

const isBeingDecided = ({ phase }: Attempt): boolean => phase === 'APPROVING' || phase === 'REVERSING'

/** The windows that were opened from sessions of an order, of those attempts at it that `isConcerned`. */
const windowsOf = async (
  parts: CheckoutParts,
  store: Store,
  paymentId: string,
  isConcerned: (attempt: Attempt) => boolean,
): Promise<readonly Found[]> => {
  const { state } = await parts.payments.process.load({ store, id: paymentId })
  const concerned = state.attempts.filter(isConcerned)
  const windows = await Promise.all(
    concerned.map(({ transactionId }) => findByKey(parts, store.storeId, transactionId)),
  )
  return windows.flatMap((window) => (window?.attempt.surroundings.sessionId === undefined ? [] : [window]))
}
