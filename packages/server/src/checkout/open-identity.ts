import type { BrowserIdentityVerification } from '@naru/contract'
import { refuseIdentityVerificationId } from '../identity-verifications/input.ts'
import { open } from '../identity-verifications/rules.ts'
import { compact } from '../kernel/compact.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type Channel, findChannel, selectedChannel } from '../merchants/store.ts'
import { unopenedBy } from './open-payment.ts'
import type { Opener, Opening } from './opening.ts'
import { customDataText } from './order.ts'
import type { CheckoutParts } from './parts.ts'

/** Opens the window in which a person proves who they are. */
export const openIdentity = (
  parts: CheckoutParts,
  { store, asked, transactionId }: Opening<BrowserIdentityVerification>,
): Opener => {
  const key = { store, id: asked.identityVerificationId }
  let channel: Channel | undefined
  return {
    place: async () => {
      const broken = refuseIdentityVerificationId(key.id)
      if (broken) return unopenedBy(broken)
      const found = findChannel(store, asked.channelKey ?? '')
      if (found instanceof Refusal) return unopenedBy(found)
      channel = found
      return { channel, subjectId: key.id, clock: await parts.clockOf(store.storeId) }
    },
    begin: async () => {
      if (!channel) throw new Error(`the window ${transactionId} was not placed`)
      const { customerId, fullName, phoneNumber, birthYear, birthMonth, birthDay } = asked.customer ?? {}
      const customer = compact({ id: customerId, name: fullName, phoneNumber, birthYear, birthMonth, birthDay })
      const start = { id: transactionId, channel: selectedChannel(channel), method: 'WINDOW' as const, customer }
      const customData = customDataText(asked.customData)
      const opened = await parts.verifications.process.change(key, (state) => open(state, { ...start, customData }))
      return opened instanceof Refusal ? unopenedBy(opened) : undefined
    },
  }
}
