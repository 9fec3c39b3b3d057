import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/module.ts'
import { listPayouts } from '../platform/payouts/list.ts'
import { listAccountTransfers } from '../platform/payouts/list-account-transfers.ts'
import { listBulkPayouts } from '../platform/payouts/list-bulk.ts'
import { listBulkAccountTransfers } from '../platform/payouts/list-bulk-account-transfers.ts'
import { onPlatform } from './on-platform.ts'

type PayoutOperationId =
  | 'getPlatformPayouts'
  | 'getPlatformBulkPayouts'
  | 'getPlatformAccountTransfers'
  | 'getPlatformBulkAccountTransfers'

/** Reading payouts, and the movements at the bank that carry them out. */
export const platformPayoutOperations = (parts: PlatformParts): Pick<Handlers, PayoutOperationId> => ({
  getPlatformPayouts: onPlatform(
    parts,
    ({ platform }, { body }) => listPayouts(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),
  getPlatformBulkPayouts: onPlatform(
    parts,
    ({ platform }, { body }) => listBulkPayouts(parts.sql, platform, body),
    ({ body }) => body.isForTest,
  ),
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
