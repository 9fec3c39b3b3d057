import type { Aggregate } from '../aggregates/kind.ts'
import { isoOrNull, toIso } from '../kernel/clock.ts'
import {
  type Attempt,
  evolve,
  noVerification,
  representative,
  statusOf,
  type Verification,
  type VerificationEvent,
} from './verification.ts'

/** What lists and the due loop read besides the state. */
const columns = (verification: Verification) => {
  const attempt = representative(verification)
  const due = verification.attempts.flatMap(({ inquiry }) => (inquiry ? [inquiry.nextAt] : []))
  return {
    status: attempt ? statusOf(attempt) : null,
    attempt_ids: verification.attempts.map(({ id }) => id),
    is_test: attempt ? attempt.channel.type === 'TEST' : null,
    pg_provider: attempt?.channel.pgProvider ?? null,
    pg_merchant_id: attempt?.channel.pgMerchantId ?? null,
    pg_transaction_id: attempt?.pgTransactionId ?? null,
    carrier: attempt?.verified?.operator ?? attempt?.operator ?? null,
    ...personColumns(attempt),
    requested_at: isoOrNull(attempt?.requestedAt),
    verified_at: isoOrNull(attempt?.verified?.at),
    failed_at: isoOrNull(attempt?.failedAt),
    status_changed_at: isoOrNull(attempt?.statusChangedAt),
    due_at: due.length === 0 ? null : toIso(Math.min(...due)),
  }
}

/** The person that lists search by: as requested until verified, then as the PG says. */
const personColumns = (attempt: Attempt | undefined) => {
  const { verified, customer } = attempt ?? {}
  const [year, month, day] = verified?.birthDate.split('-') ?? []
  return {
    name: verified?.name ?? customer?.name ?? null,
    phone_number: verified?.phoneNumber ?? customer?.phoneNumber ?? null,
    birth_year: year ?? customer?.birthYear ?? null,
    birth_month: month ?? customer?.birthMonth ?? null,
    birth_day: day ?? customer?.birthDay ?? null,
    gender: verified?.gender ?? null,
  }
}

export const verificationAggregate: Aggregate<Verification, VerificationEvent> = {
  stream: 'identity-verification',
  evolve,
  table: 'identity_verifications',
  idColumn: 'identity_verification_id',
  columns,
  columnNames: Object.keys(columns(noVerification('', '', ''))),
}
