import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import { shortId } from '../kernel/ids.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { decidePartners } from '../platform/partners/decide.ts'
import { bulkPayoutView } from '../platform/payouts/bulk-view.ts'
import { generatePayouts } from '../platform/payouts/generate.ts'
import { setPayoutMemos } from '../platform/payouts/memos.ts'
import { cancelPayouts, withdrawOrders } from '../platform/payouts/order.ts'
import { discardBulkPayout, prepareBulkPayout, selectSettlements } from '../platform/payouts/prepare.ts'
import { setSettlementStatus } from '../platform/settlements/set-status.ts'
import { adminAccount } from './admin-account.ts'
import { adminCalendar } from './admin-calendar.ts'
import { adminCheckoutHandlers } from './admin-checkout.ts'
import { ordering } from './admin-ordering.ts'
import { type AdminParts, changedTo, chosenBy, type Handling, shown } from './admin-parts.ts'
import { adminReading } from './admin-reading.ts'
import { changingPlatform } from './on-platform.ts'

/** What people decide about settlements and payouts, as PortOne's console lets them. */
export const adminHandlers = (parts: AdminParts): AdminHandlers => ({
  ...adminCheckoutHandlers(parts),
  ...preparing(parts),
  ...ordering(parts),
  ...withdrawing(parts),
  ...adminReading(parts),
  ...adminAccount(parts),
  ...adminCalendar(parts),
  decideAdminPartners: changingPlatform(parts, async (parts, request, { body }: AdminCall<'decideAdminPartners'>) =>
    body === undefined ? bodyMissing : decidePartners(parts.sql, request, body),
  ),
  setAdminSettlementStatus: changingPlatform(
    parts,
    async (parts, request, call: AdminCall<'setAdminSettlementStatus'>) => {
      if (call.body === undefined) return bodyMissing
      const { partnerSettlementIds, status, memo } = call.body
      const by = { memo, actor: call.principal.secretId }
      return setSettlementStatus(parts.sql, request, partnerSettlementIds, status, by)
    },
  ),
})

const bodyMissing = refuse('INVALID_REQUEST', 'The body is missing.')

const preparing = (
  parts: AdminParts,
): Handling<
  'prepareAdminBulkPayout' | 'selectAdminSettlements' | 'discardAdminBulkPayout' | 'generateAdminPayouts'
> => ({
  prepareAdminBulkPayout: changingPlatform(parts, async (parts, request, call: AdminCall<'prepareAdminBulkPayout'>) => {
    const { body, principal } = call
    if (body === undefined) return bodyMissing
    const { id = `bp-${shortId(8)}`, name = id, settlementDates } = body
    const preparation = { bulkPayoutId: id, name, settlementDates, actor: principal.secretId }
    const prepared = await prepareBulkPayout(parts.sql, request, preparation)
    return prepared instanceof Refusal ? prepared : shown(parts, request, id)
  }),
  selectAdminSettlements: changingPlatform(parts, async (parts, request, call: AdminCall<'selectAdminSettlements'>) => {
    const { isSelected = true, partnerSettlementIds } = call.body ?? {}
    const { id } = call.path
    const selected = await selectSettlements(parts.sql, request, id, isSelected, partnerSettlementIds)
    return selected instanceof Refusal ? selected : shown(parts, request, id)
  }),
  discardAdminBulkPayout: changingPlatform(
    parts,
    async (parts, request, { path }: AdminCall<'discardAdminBulkPayout'>) => {
      const discarded = await discardBulkPayout(parts.sql, request, path.id)
      return discarded instanceof Refusal ? discarded : shown(parts, request, path.id)
    },
  ),
  generateAdminPayouts: changingPlatform(parts, async (parts, request, call: AdminCall<'generateAdminPayouts'>) => {
    const generated = await generatePayouts(parts.sql, request, call.path.id, call.principal.secretId)
    if (generated instanceof Refusal) return generated
    const bulkPayout = await bulkPayoutView(parts.sql, request, call.path.id)
    if (bulkPayout instanceof Refusal) return bulkPayout
    return { generated: generated.generated, unpaidPartnerIds: [...generated.unpaid], bulkPayout }
  }),
})

const withdrawing = (
  parts: AdminParts,
): Handling<'cancelAdminPayoutSchedule' | 'stopAdminPayouts' | 'cancelAdminPayouts' | 'setAdminPayoutMemos'> => ({
  cancelAdminPayoutSchedule: changingPlatform(
    parts,
    async (parts, request, call: AdminCall<'cancelAdminPayoutSchedule'>) => {
      const changed = await withdrawOrders(parts.sql, request, 'cancelSchedule', chosenBySomebody(call))
      return changedTo(parts, request, 'cancelSchedule', chosenBy(call), changed)
    },
  ),
  stopAdminPayouts: changingPlatform(parts, async (parts, request, call: AdminCall<'stopAdminPayouts'>) => {
    const changed = await withdrawOrders(parts.sql, request, 'stop', chosenBySomebody(call))
    return changedTo(parts, request, 'stop', chosenBy(call), changed)
  }),
  cancelAdminPayouts: changingPlatform(parts, async (parts, request, call: AdminCall<'cancelAdminPayouts'>) => {
    const changed = await cancelPayouts(parts.sql, request, chosenBySomebody(call))
    return changedTo(parts, request, 'cancel', chosenBy(call), changed)
  }),
  setAdminPayoutMemos: changingPlatform(parts, async (parts, request, call: AdminCall<'setAdminPayoutMemos'>) => {
    const changed = await setPayoutMemos(parts.sql, request, { ...chosenBy(call), ...call.body })
    return changedTo(parts, request, 'memos', chosenBy(call), changed)
  }),
})

const chosenBySomebody = (
  call: AdminCall<'cancelAdminPayoutSchedule' | 'stopAdminPayouts' | 'cancelAdminPayouts'>,
) => ({ ...chosenBy(call), actor: call.principal.secretId })
