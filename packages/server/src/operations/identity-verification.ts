import type { Handlers } from '../http/handler.ts'
import { completeList } from '../http/list-input.ts'
import { confirm } from '../identity-verifications/confirm.ts'
import { findVerifications } from '../identity-verifications/list.ts'
import { resend, send } from '../identity-verifications/send.ts'
import { verificationView, verifiedView } from '../identity-verifications/view.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clocksOf' | 'verifications'>

type VerificationOperationId =
  | 'sendIdentityVerification'
  | 'resendIdentityVerification'
  | 'confirmIdentityVerification'
  | 'getIdentityVerification'
  | 'getIdentityVerifications'

export const identityVerificationOperations = (parts: Parts): Pick<Handlers, VerificationOperationId> => ({
  sendIdentityVerification: forStore(parts.access, async ({ path, body, caller, store }) => {
    const key = { store, id: path.identityVerificationId }
    const { requestKey, testCode } = caller
    const sent = await send(parts.verifications, key, body, { requestKey, testCode })
    return sent instanceof Refusal ? sent : {}
  }),

  resendIdentityVerification: forStore(parts.access, async ({ path, caller, store }) => {
    const key = { store, id: path.identityVerificationId }
    const { requestKey, testCode } = caller
    const sent = await resend(parts.verifications, key, { requestKey, testCode })
    return sent instanceof Refusal ? sent : {}
  }),

  confirmIdentityVerification: forStore(parts.access, async ({ path, body, caller, store }) => {
    const key = { store, id: path.identityVerificationId }
    const { requestKey, testCode } = caller
    const confirmed = await confirm(parts.verifications, key, { otp: body.otp, requestKey, testCode })
    if (confirmed instanceof Refusal) return confirmed
    const { state } = await parts.verifications.process.load(key)
    return { identityVerification: verifiedView(parts.verifications, state, confirmed) }
  }),

  getIdentityVerification: forStore(parts.access, async ({ path, store }) => {
    const id = path.identityVerificationId
    const { state } = await parts.verifications.process.load({ store, id })
    return (
      verificationView(parts.verifications, state) ??
      refuse('IDENTITY_VERIFICATION_NOT_FOUND', `There is no identity verification ${id} in this store.`)
    )
  }),

  getIdentityVerifications: async ({ body, principal }) => {
    const { filter = {}, sort = {} } = body ?? {}
    const completed = await completeList(parts, principal, 'identity verifications', body ?? {})
    if (completed instanceof Refusal) return completed
    const found = await findVerifications(parts.verifications.sql, { ...completed, filter, sort })
    const items = found.items.flatMap((verification) => verificationView(parts.verifications, verification) ?? [])
    return { items, page: { ...completed.page, totalCount: found.totalCount } }
  },
})
