import type { Handlers } from '../http/handler.ts'
import type { PlatformParts } from '../platform/module.ts'
import { listTransfers } from '../platform/transfers/list.ts'
import { readTransfer } from '../platform/transfers/read.ts'
import { transferSheet } from '../platform/transfers/sheet/sheet.ts'
import { languageOf } from '../platform/transfers/sheet/words.ts'
import { onPlatform } from './on-platform.ts'

type TransferReadingOperationId =
  | 'getPlatformTransfer'
  | 'getPlatformTransferSummaries'
  | 'downloadPlatformTransferSheet'

/** Reading transfers. */
export const platformTransferReadingOperations = (
  parts: PlatformParts,
): Pick<Handlers, TransferReadingOperationId> => ({
  getPlatformTransfer: onPlatform(parts, ({ platform }, { path }) => readTransfer(parts.sql, platform, path.id)),

  getPlatformTransferSummaries: onPlatform(
    parts,
    ({ platform }, { body }) => listTransfers(parts.sql, platform, body),
    ({ body }) => body.filter?.isForTest,
  ),

  downloadPlatformTransferSheet: onPlatform(
    parts,
    (request, { body, caller }) => transferSheet(parts.sql, request, body, languageOf(caller.acceptLanguage)),
    ({ body }) => body.filter?.isForTest,
  ),
})
