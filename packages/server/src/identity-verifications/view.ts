import type { IdentityVerification, VerifiedIdentityVerification } from '@naru/contract'
import { toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { openSecrets, type VerificationParts } from './parts.ts'
import { type Attempt, representative, statusOf, type Verification } from './verification.ts'

type Parts = Pick<VerificationParts, 'encryption'>

/** A verification as the contract shows it; `undefined` if nothing has been requested yet. */
export const verificationView = (parts: Parts, verification: Verification): IdentityVerification | undefined => {
  const attempt = representative(verification)
  if (!attempt) return undefined
  const { customer, failure } = attempt
  const status = statusOf(attempt)
  const pending = { ...commonView(verification, attempt), requestedCustomer: compact({ ...customer }) }
  const pgTxId = compact({ pgTxId: attempt.pgTransactionId })
  switch (status) {
    case 'READY':
      return { status, ...pending, ...pgTxId }
    case 'FAILED':
      return { status, ...pending, ...pgTxId, failure: compact({ ...failure }) }
    case 'VERIFIED':
      return verifiedView(parts, verification, attempt)
  }
}

export const verifiedView = (
  parts: Parts,
  verification: Verification,
  attempt: Attempt,
): VerifiedIdentityVerification => {
  const { verified, customer, pgTransactionId } = attempt
  if (!verified || pgTransactionId === undefined) throw new Error(`the attempt ${attempt.id} is not verified`)
  const { ci, di, raw } = openSecrets(parts, verification.storeId, attempt)
  const { at, secrets: _, ...person } = verified
  return {
    status: 'VERIFIED',
    ...commonView(verification, attempt),
    verifiedCustomer: { ...compact({ ...person, id: customer.id, ci, di }), name: person.name },
    verifiedAt: toIso(at),
    pgTxId: pgTransactionId,
    pgRawResponse: raw,
  }
}

const commonView = ({ identityVerificationId }: Verification, attempt: Attempt) => ({
  id: identityVerificationId,
  channel: attempt.channel,
  ...compact({ customData: attempt.customData }),
  requestedAt: toIso(attempt.requestedAt),
  updatedAt: toIso(attempt.updatedAt),
  statusChangedAt: toIso(attempt.statusChangedAt),
  version: 'V2' as const,
})
