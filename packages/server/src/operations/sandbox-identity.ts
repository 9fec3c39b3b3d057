import type { SandboxControl } from '../gateways/sandbox/control.ts'
import type { Handlers } from '../http/handler.ts'
import { refuseIdentityVerificationId } from '../identity-verifications/input.ts'
import { inquire } from '../identity-verifications/inquire.ts'
import type { VerificationParts } from '../identity-verifications/module.ts'
import { open } from '../identity-verifications/rules.ts'
import { representative } from '../identity-verifications/verification.ts'
import { storeTime } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import { findChannel, selectedChannel } from '../merchants/store.ts'
import { sandboxStore } from './sandbox.ts'

type Parts = { readonly access: Access; readonly control: SandboxControl; readonly verifications: VerificationParts }

/** What a person does in the PG's window, or in an app. */
export const sandboxIdentityOperations = (
  parts: Parts,
): Pick<Handlers, 'openSandboxIdentityVerification' | 'approveSandboxIdentityVerification'> => ({
  openSandboxIdentityVerification: async ({ path, body, principal }) => {
    const store = await sandboxStore(parts, principal, body.storeId)
    if (store instanceof Refusal) return store
    const broken = refuseIdentityVerificationId(path.identityVerificationId)
    if (broken) return broken
    const channel = findChannel(store, body.channelKey)
    if (channel instanceof Refusal) return channel
    const { customer = {}, customData } = body
    const start = {
      id: timeOrderedId(),
      channel: selectedChannel(channel),
      method: 'WINDOW' as const,
      customer,
      customData,
    }
    const { process } = parts.verifications
    const opened = await process.change({ store, id: path.identityVerificationId }, (state) => open(state, start))
    if (opened instanceof Refusal) return opened
    const context = { storeId: store.storeId, channel, reference: start.id }
    await parts.control.openIdentity(context, { method: 'WINDOW', customer }, storeTime(opened.clock))
    return {}
  },

  approveSandboxIdentityVerification: async ({ path, body, principal }) => {
    const store = await sandboxStore(parts, principal, body?.storeId)
    if (store instanceof Refusal) return store
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
  },
})
