import type { BrowserIdentityVerification } from '@naru/contract'
import { refuseIdentityVerificationId } from '../identity-verifications/input.ts'
import { open } from '../identity-verifications/rules.ts'
import { Refusal } from '../kernel/refusal.ts'
import { sourceOf } from '../kernel/source.ts'
import { findChannel, selectedChannel } from '../merchants/store.ts'
import type { Opener, Opening } from './opening.ts'
import { customDataText } from './order.ts'
import type { CheckoutParts } from './parts.ts'
import { refuseUseless } from './pay-method.ts'
import { prepareWindow } from './pg-window.ts'
import { identityOrder, personOf, termsOf } from './pg-window-order.ts'
import { unopenedBy } from './problem.ts'

/** Opens the window in which a person proves who they are. */
export const openIdentity = (
  parts: CheckoutParts,
  { store, asked, transactionId, caller }: Opening<BrowserIdentityVerification>,
): Opener => {
  const key = { store, id: asked.identityVerificationId }
  return {
    place: async () => {
      const broken = refuseIdentityVerificationId(key.id)
      if (broken) return unopenedBy(broken, asked)
      const channel = findChannel(store, asked.channelKey ?? '')
      if (channel instanceof Refusal) return unopenedBy(channel, asked)
      const useless = refuseUseless(parts, channel, asked)
      if (useless) return useless
      return { channel, subjectId: key.id, clock: await parts.clockOf(store.storeId) }
    },
    begin: async ({ found, token }) => {
      const channel = selectedChannel(found.channel)
      const start = {
        id: transactionId,
        channel,
        method: 'WINDOW' as const,
        customer: personOf(asked),
        customData: customDataText(asked.customData),
        source: sourceOf(caller.ipAddress),
        asked: caller.asked,
      }
      const opened = await parts.verifications.process.change(key, (state) => open(state, start))
      if (opened instanceof Refusal) return unopenedBy(opened, asked)
      const order = identityOrder(asked, termsOf(asked, found.attempt.surroundings, token))
      return await prepareWindow(parts, found, order)
    },
  }
}
