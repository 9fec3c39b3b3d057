import type { BrowserBillingKeyAndPayment } from '@naru/contract'
import { newBillingKey } from '../billing-keys/open-window.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Channel, findChannel } from '../merchants/store.ts'
import { paymentRequest, refusePaymentId } from '../payments/requests/input.ts'
import { refuseNewAttempt, unexpected } from '../payments/rules/approval.ts'
import { refuseTooManyFrom } from '../payments/rules/limits.ts'
import type { StoringRequest } from './attempt.ts'
import { type Opener, type Opening, originOf } from './opening.ts'
import { orderOf } from './order.ts'
import type { CheckoutParts } from './parts.ts'
import { refuseUnpayable, refuseUseless } from './pay-method.ts'
import { prepareWindow } from './pg-window.ts'
import { storingOrder, termsOf } from './pg-window-order.ts'
import { type Unopened, unannounced, unopenedBy } from './problem.ts'
import { refusedNow } from './refused-now.ts'

/** Opens the window in which a method is stored. Nothing exists of the key before the shopper agrees. */
export const openBillingKey = (parts: CheckoutParts, opening: Opening<StoringRequest>): Opener => ({
  place: async () => {
    const { store, asked } = opening
    const channel = findChannel(store, asked.request.channelKey ?? '')
    if (channel instanceof Refusal) return unopenedBy(channel, asked.request)
    const refused = (await refuseFirstPayment(parts, channel, opening)) ?? refuseUseless(parts, channel, asked.request)
    return refused ?? { channel, subjectId: newBillingKey(), clock: await parts.clockOf(store.storeId) }
  },
  begin: ({ found, token }) => {
    const { asked } = opening
    const terms = termsOf(asked.request, found.attempt.surroundings, token)
    return prepareWindow(parts, found, storingOrder(asked, found.channel, terms))
  },
})

const refuseFirstPayment = async (
  parts: CheckoutParts,
  channel: Channel,
  opening: Opening<StoringRequest>,
): Promise<Unopened | undefined> => {
  const { asked } = opening
  switch (asked.kind) {
    case 'ISSUE_BILLING_KEY':
      return undefined
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return await refusePayment(parts, channel, { ...opening, asked: asked.request })
  }
}

/** An order that cannot be paid is told before anybody types a number. */
const refusePayment = async (
  parts: CheckoutParts,
  channel: Channel,
  { store, asked, caller }: Opening<BrowserBillingKeyAndPayment>,
): Promise<Unopened | undefined> => {
  const broken = refusePaymentId(asked.paymentId)
  if (broken) return unopenedBy(broken, asked)
  const request = paymentRequest(orderOf(asked))
  if (request instanceof Refusal) return unopenedBy(request, asked)
  const loaded = await parts.payments.process.load({ store, id: asked.paymentId })
  const { state } = loaded
  const differing = unexpected(state, request)
  if (differing) return unannounced(differing, asked.paymentId)
  const refusal = refuseNewAttempt(state, request) ?? refuseTooManyFrom(state, originOf(caller))
  if (refusal) return await refusedNow(parts, refusal, { store, loaded }, asked)
  return refuseUnpayable(parts, channel, { ...asked, payMethod: asked.billingKeyAndPayMethod })
}
