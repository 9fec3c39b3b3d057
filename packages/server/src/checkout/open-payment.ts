import type { BrowserPayment } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { watch } from '../doubt/inquiry.ts'
import { storeTime } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { webUrlProblem } from '../kernel/web-url.ts'
import type { Channel } from '../merchants/store.ts'
import type { LoadedPayment } from '../payments/parts.ts'
import { refusePaymentId } from '../payments/requests/input.ts'
import { beginning } from '../payments/requests/instant.ts'
import { refuseNewAttempt, unexpected } from '../payments/rules/approval.ts'
import { refuseTooManyFrom } from '../payments/rules/limits.ts'
import type { AttemptStart } from '../payments/state/event.ts'
import { attemptOf } from '../payments/state/payment.ts'
import { openWindow } from '../payments/window.ts'
import { type Found, findAgain } from './find.ts'
import { formOf } from './form.ts'
import { leaveAttempt } from './leave.ts'
import { refuseNoChoice } from './offers.ts'
import { type Opener, type Opening, originOf } from './opening.ts'
import { orderOf } from './order.ts'
import { endingOf } from './over.ts'
import type { CheckoutParts } from './parts.ts'
import { payMethodOf, refuseMethod, refuseNoMethod, refuseUnpayable, refuseUseless } from './pay-method.ts'
import { prepareWindow } from './pg-window.ts'
import { paymentOrder, termsOf } from './pg-window-order.ts'
import { noSession, Unopened, unannounced, unopenedBy } from './problem.ts'
import { refusedNow } from './refused-now.ts'

type Prepared = { readonly channel: Channel; readonly start: AttemptStart; readonly loaded: LoadedPayment }

/** Opens the window of one payment. */
export const openPayment = (parts: CheckoutParts, opening: Opening<BrowserPayment>): Opener => {
  const { store, asked, transactionId } = opening
  const key: AggregateKey = { store, id: asked.paymentId }
  let prepared: Prepared | undefined
  return {
    place: async () => {
      const placed = await prepare(parts, key, opening)
      if (placed instanceof Unopened) return placed
      prepared = placed
      return { channel: placed.channel, subjectId: asked.paymentId, clock: placed.loaded.clock }
    },
    begin: async ({ found, token }) => {
      if (!prepared) throw new Error(`the window ${transactionId} was not placed`)
      const { channel, start, loaded } = prepared
      const { promotionId, card } = asked
      const promotion = promotionId === undefined ? undefined : { promotionId, cardCompany: () => card?.cardCompany }
      const begun = await openWindow(parts.payments, key, { channel, start, promotion }, loaded)
      if (begun instanceof Refusal) {
        const now = await parts.payments.process.load(key)
        return await refusedNow(parts, begun, { store, loaded: now }, asked)
      }
      if (await isWithdrawn(parts, found)) return noSession()
      const order = paymentOrder(
        asked,
        attemptOf(begun.state, transactionId),
        termsOf(asked, found.attempt.surroundings, token),
      )
      return await prepareWindow(parts, found, order)
    },
  }
}

/**
 * Whoever closed the session of a window before it was written down has not seen it, and a PG could charge in it: it ends here,
 * before the PG hears of it. Whoever closes the session later does see it.
 */
const isWithdrawn = async (parts: CheckoutParts, found: Found): Promise<boolean> => {
  if (found.attempt.surroundings.sessionId === undefined) return false
  const ending = await endingOf(parts, await findAgain(parts, found))
  if (!ending) return false
  await leaveAttempt(parts, found, ending)
  return true
}

const prepare = async (
  parts: CheckoutParts,
  key: AggregateKey,
  { store, asked, transactionId, caller }: Opening<BrowserPayment>,
): Promise<Prepared | Unopened> => {
  const broken = refusePaymentId(asked.paymentId)
  if (broken) return new Unopened('BadRequest', broken.body.message ?? 'paymentId cannot be used.')
  if (store.checkout.requiresConfirmUrl && asked.confirmUrl === undefined)
    return new Unopened(
      'ConfirmUrlRequired',
      'confirmUrl is required: the store has its server asked before approvals.',
    )
  const unusableUrl = asked.confirmUrl === undefined ? undefined : webUrlProblem(asked.confirmUrl)
  if (unusableUrl !== undefined) return new Unopened('BadRequest', `confirmUrl must ${unusableUrl}.`)
  const begun = beginning(store, orderOf(asked), undefined, { origin: originOf(caller) })
  if (begun instanceof Refusal) return unopenedBy(begun, asked)
  const { channel, start } = begun
  const loaded = await parts.payments.process.load(key)
  const { request } = start
  const differing = unexpected(loaded.state, request)
  if (differing) return unannounced(differing, asked.paymentId)
  const refusal = refuseNewAttempt(loaded.state, request) ?? refuseTooManyFrom(loaded.state, start.origin)
  if (refusal) return await refusedNow(parts, refusal, { store, loaded }, asked)
  const now = storeTime(loaded.clock)
  const charges = parts.pgWindowOf(channel)?.charges
  const terms = { ...asked, payMethod: payMethodOf(asked, channel.pgProvider) }
  const unpayable =
    refuseNoMethod(channel, asked) ??
    refuseMethod(channel, asked, now) ??
    refuseUnpayable(parts, channel, terms) ??
    refuseNoChoice(formOf(asked, channel.pgProvider, parts.windowOf(channel)), asked, parts.windowOf(channel)) ??
    refuseUseless(parts, channel, asked)
  const unusable = unpayable ?? (charges && refuseAskingFirst(channel, asked))
  if (unusable) return unusable
  const selfCharge = charges && { until: now + charges.within, inquiry: watch(now) }
  return { channel, start: { ...start, transactionId, selfCharge, asked: caller.asked }, loaded }
}

/** Where the PG charges in its own window there is no moment between the shopper's agreement and the charge. */
const refuseAskingFirst = ({ key, manualConfirm }: Channel, { confirmUrl }: BrowserPayment): Unopened | undefined => {
  const charges = `The payment gateway behind the channel ${key} charges in its own window`
  if (manualConfirm)
    return new Unopened(
      'RequestParseFailed',
      `channelKey: ${charges}, so that its payments cannot be confirmed by hand. Use a channel that confirms by itself.`,
    )
  return confirmUrl === undefined
    ? undefined
    : new Unopened(
        'RequestParseFailed',
        `confirmUrl: ${charges}, before any server can be asked. Leave confirmUrl out, or use another channel.`,
      )
}
