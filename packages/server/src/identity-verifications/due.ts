import type { DueSource } from '../workers/due.ts'
import { dueRows, type FindStore } from '../workers/due-rows.ts'
import { inquireDue } from './inquire.ts'
import type { VerificationParts } from './parts.ts'

/** Verifications whose sending or confirmation has no answer from a PG yet. */
export const verificationDue = (parts: VerificationParts, findStore: FindStore): DueSource =>
  dueRows(
    parts.sql,
    {
      name: 'identity-verification',
      table: 'identity_verifications',
      idColumn: 'identity_verification_id',
      concurrency: 5,
      findStore,
    },
    (store, id) => inquireDue(parts, { store, id }),
  )
