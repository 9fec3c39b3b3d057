import type { PlatformTransfer } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { Platform } from '../platform.ts'
import { keysOf, readSnapshots } from './snapshots.ts'
import { findTransfer } from './store.ts'
import { transferView } from './view.ts'

/** A transfer in full. One that was deleted is not found. */
export const readTransfer = async (
  sql: Sql,
  platform: Platform,
  transferId: string,
): Promise<PlatformTransfer | Refusal<'PLATFORM_TRANSFER_NOT_FOUND'>> => {
  const transfer = await findTransfer(sql, platform, transferId)
  if (transfer === undefined) return refuse('PLATFORM_TRANSFER_NOT_FOUND', `There is no transfer ${transferId}.`)
  return transferView(platform, transfer, await readSnapshots(sql, platform, keysOf(transfer)))
}
