import type { AdminOperationId } from '@naru/contract'
import type { AdminHandlers } from '../http/admin.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { StoreDirectory } from '../merchants/directory.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { bulkPayoutView } from '../platform/payouts/bulk-view.ts'
import type { PlatformRequest } from '../platform/platform.ts'

export type AdminParts = PlatformParts & {
  readonly encryption: Encryption
  readonly directory: Pick<StoreDirectory, 'forget'>
}

export type Handling<Id extends AdminOperationId> = Pick<AdminHandlers, Id>

/** The bulk payout after it was changed. */
export const shown = ({ sql }: AdminParts, request: PlatformRequest, id: string) => bulkPayoutView(sql, request, id)

/** What was done, or that there was nothing to do it to. */
export const changedTo = async (
  parts: AdminParts,
  request: PlatformRequest,
  id: string,
  changed: number,
  impossible: string,
) => {
  const bulkPayout = await bulkPayoutView(parts.sql, request, id)
  if (bulkPayout instanceof Refusal) return bulkPayout
  return changed === 0 ? refuse('INVALID_REQUEST', `${impossible} in the bulk payout ${id}.`) : { changed, bulkPayout }
}
