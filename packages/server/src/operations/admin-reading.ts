import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { bulkPayoutView } from '../platform/payouts/bulk-view.ts'
import { listPayouts } from '../platform/payouts/list.ts'
import { findPayoutTotals, listBulkPayouts } from '../platform/payouts/list-bulk.ts'
import { listSettlements } from '../platform/settlements/list.ts'
import { findOwed } from '../platform/transfers/owed.ts'
import { onPlatform } from './on-platform.ts'

type ReadingOperationId =
  | 'listAdminSettlements'
  | 'listAdminBulkPayouts'
  | 'getAdminBulkPayout'
  | 'listAdminPayouts'
  | 'listAdminOwed'

/** What whoever pays has to see, with the credential that they pay with. */
export const adminReading = ({ sql, ...parts }: PlatformParts): Pick<AdminHandlers, ReadingOperationId> => ({
  listAdminSettlements: onPlatform(parts, ({ platform }, { query }: AdminCall<'listAdminSettlements'>) => {
    const { settlementDate, status, partnerId } = query
    const filter = {
      ...(settlementDate === undefined ? {} : { settlementDates: [settlementDate] }),
      ...(status === undefined ? {} : { statuses: [status] }),
      ...(partnerId === undefined ? {} : { partnerIds: [partnerId] }),
    }
    return listSettlements(sql, platform, { page: pageOf(query), filter })
  }),
  listAdminBulkPayouts: onPlatform(parts, async ({ platform }, { query }: AdminCall<'listAdminBulkPayouts'>) => {
    const page = await listBulkPayouts(sql, platform, { page: pageOf(query) })
    if (page instanceof Refusal) return page
    const ids = page.items.map(({ id }) => id)
    return { ...page, payoutTotals: [...(await findPayoutTotals(sql, platform, ids))] }
  }),
  getAdminBulkPayout: onPlatform(parts, (request, { path }: AdminCall<'getAdminBulkPayout'>) =>
    bulkPayoutView(sql, request, path.id),
  ),
  listAdminPayouts: onPlatform(parts, async (request, { path, query }: AdminCall<'listAdminPayouts'>) => {
    const known = await bulkPayoutView(sql, request, path.id)
    if (known instanceof Refusal) return known
    return listPayouts(sql, request.platform, { page: pageOf(query), filter: { criteria: { bulkPayoutId: path.id } } })
  }),
  listAdminOwed: onPlatform(parts, async ({ platform }, { query, principal }: AdminCall<'listAdminOwed'>) => {
    const { storeId, after = '', size = 100 } = query
    const store = storeId === undefined ? platform.store : await parts.access.resolveStore(principal, storeId)
    if (store instanceof Refusal) return store
    const items = await findOwed(sql, { ...platform, store }, after, size)
    const last = items.at(-1)
    return { items: [...items], ...(last && items.length === size ? { next: last.paymentId } : {}) }
  }),
})

const pageOf = ({ number = 0, size = 10 }: { readonly number?: number; readonly size?: number }) => ({ number, size })
