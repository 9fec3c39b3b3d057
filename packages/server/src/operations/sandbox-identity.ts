import type { Handlers } from '../http/handler.ts'
import { prefilled, refuseBirth, refuseIdentityVerificationId } from '../identity-verifications/input.ts'
import { inquire } from '../identity-verifications/inquire.ts'
import { open, sentBy } from '../identity-verifications/rules.ts'
import { representative } from '../identity-verifications/verification.ts'
import { storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { findChannel, selectedChannel } from '../merchants/store.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'control' | 'verifications'>

/** What a person does in the PG's window, or in an app. */
export const sandboxIdentityOperations = (
  parts: Parts,
): Pick<Handlers, 'openSandboxIdentityVerification' | 'approveSandboxIdentityVerification'> => ({
  openSandboxIdentityVerification: forSandboxStore(parts.access, async ({ path, body, caller, store }) => {
    const broken = refuseIdentityVerificationId(path.identityVerificationId) ?? refuseBirth(body.customer)
    if (broken) return broken
    const channel = findChannel(store, body.channelKey)
    if (channel instanceof Refusal) return channel
    const customer = prefilled(body.customer ?? {})
    const { customData } = body
    const start = {
      id: timeOrderedId(),
      channel: selectedChannel(channel),
      method: 'WINDOW' as const,
      customer,
      customData,
      requestKey: caller.requestKey,
    }
    const { process } = parts.verifications
    const opened = await process.change({ store, id: path.identityVerificationId }, (state) => open(state, start))
    if (opened instanceof Refusal) return opened
    const context = {
      storeId: store.storeId,
      channel,
      reference: sentBy(opened.state, caller.requestKey)?.id ?? start.id,
    }
    await parts.control.openIdentity(context, { method: 'WINDOW', customer }, storeTime(opened.clock))
    return {}
  }),

  approveSandboxIdentityVerification: forSandboxStore(parts.access, async ({ path, store }) => {
    const key = { store, id: path.identityVerificationId }
    const loaded = await parts.verifications.process.load(key)
    const attempt = representative(loaded.state)
    const now = storeTime(loaded.clock)
    const isApproved = attempt && (await parts.control.approveIdentity(store.storeId, attempt.id, now))
    if (!attempt)
      return refuse('IDENTITY_VERIFICATION_NOT_FOUND', `There is no identity verification ${key.id} in this store.`)
    if (!isApproved)
      return refuse('IDENTITY_VERIFICATION_NOT_SENT', 'No request in an app or a window waits for the person.')
    if (attempt.method === 'WINDOW') await inquire(parts.verifications, key, loaded, attempt)
    return {}
  }),
})
