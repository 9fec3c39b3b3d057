import type { DueSource } from '../../workers/due.ts'
import { type DueParts, platformDue } from '../due.ts'
import { runWithdrawal, type SendingParts } from './send.ts'

/** Withdrawals to tell a bank of, and to ask it about. Banks answer slowly, so that several wait side by side. */
export const withdrawalDue = (parts: DueParts & SendingParts): DueSource =>
  platformDue(
    parts,
    { name: 'bank transfer', table: 'platform_account_transfers', concurrency: 32 },
    ({ platform }, id) => runWithdrawal(parts, platform, id),
  )
