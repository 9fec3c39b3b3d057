import { second } from '../../kernel/clock.ts'
import type { DueSource } from '../../workers/due.ts'
import { type DueParts, platformDue } from '../due.ts'
import { runWithdrawal, type SendingParts } from './send.ts'

/** Until the intent is written; from then on the row itself says when it is due, so that a second claim does no harm. */
const lease = 10 * second

/** Withdrawals to tell a bank of, and to ask it about. Banks answer slowly, so that several wait side by side. */
export const withdrawalDue = (parts: DueParts & SendingParts): DueSource =>
  platformDue(
    parts,
    { name: 'bank transfer', table: 'platform_account_transfers', concurrency: 32, lease },
    ({ platform }, id) => runWithdrawal(parts, platform, id),
  )
