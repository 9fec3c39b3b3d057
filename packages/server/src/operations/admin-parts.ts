import type { AdminOperationId } from '@naru/contract'
import type { AdminHandlers } from '../http/admin.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { StoreDirectory } from '../merchants/directory.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { bulkPayoutView } from '../platform/payouts/bulk-view.ts'
import type { Chosen } from '../platform/payouts/chosen.ts'
import { type HandMove, whyNot } from '../platform/payouts/why-not.ts'
import type { PlatformRequest } from '../platform/platform.ts'

export type AdminParts = PlatformParts & {
  readonly encryption: Encryption
  readonly directory: Pick<StoreDirectory, 'forget'>
}

export type Handling<Id extends AdminOperationId> = Pick<AdminHandlers, Id>

/** The bulk payout after it was changed. */
export const shown = ({ sql }: AdminParts, request: PlatformRequest, id: string) => bulkPayoutView(sql, request, id)

/** Which payouts a call is about: all that can, or those that it names. */
export const chosenBy = ({ path, body }: Choosing): Chosen => ({ bulkPayoutId: path.id, payoutIds: body?.payoutIds })

type Choosing = {
  readonly path: { readonly id: string }
  readonly body: { readonly payoutIds?: readonly string[] } | undefined
}

/** What was done, or why there was nothing to do it to. */
export const changedTo = async (
  { sql }: AdminParts,
  request: PlatformRequest,
  move: HandMove,
  chosen: Chosen,
  changed: number,
) => {
  if (changed === 0) return await whyNot(sql, request.platform, move, chosen)
  const bulkPayout = await bulkPayoutView(sql, request, chosen.bulkPayoutId)
  return bulkPayout instanceof Refusal ? bulkPayout : { changed, bulkPayout }
}
