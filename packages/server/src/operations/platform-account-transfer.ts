import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { listAccountTransfers } from '../platform/payouts/list-account-transfers.ts'
import { listBulkAccountTransfers } from '../platform/payouts/list-bulk-account-transfers.ts'
import { onPlatform } from './on-platform.ts'

type AccountTransferOperationId = 'getPlatformAccountTransfers' | 'getPlatformBulkAccountTransfers'

/** The transfers at the bank that carry payouts out. */
export const platformAccountTransferOperations = (
  parts: PlatformParts,
): Pick<Handlers, AccountTransferOperationId> => ({
  getPlatformAccountTransfers: onPlatform(
    parts,
    ({ platform }, { body }) => listAccountTransfers(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),

  getPlatformBulkAccountTransfers: onPlatform(
    parts,
    ({ platform }, { body }) => listBulkAccountTransfers(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),
})
