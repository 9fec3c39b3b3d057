import type { AdminOperationId, ExecuteAdminPayoutsBody } from '@naru/contract'
import type { AdminCall, AdminHandlers } from '../http/admin.ts'
import { fromIso, type Instant } from '../kernel/clock.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { shortId } from '../kernel/ids.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { StoreDirectory } from '../merchants/directory.ts'
import { decidePartners } from '../platform/partners/decide.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { approve } from '../platform/payouts/approval.ts'
import { readBalance } from '../platform/payouts/balance.ts'
import { bulkPayoutView } from '../platform/payouts/bulk-view.ts'
import { setPayoutMemos } from '../platform/payouts/memos.ts'
import { cancelPayouts, orderPayouts, reschedulePayouts, withdrawOrders } from '../platform/payouts/order.ts'
import {
  discardBulkPayout,
  generatePayouts,
  prepareBulkPayout,
  selectSettlements,
} from '../platform/payouts/prepare.ts'
import { scheduleProblem } from '../platform/payouts/schedule-time.ts'
import { ofPlatform, type PlatformRequest } from '../platform/platform.ts'
import { setSettlementStatus } from '../platform/settlements/set-status.ts'
import { adminAccount, noBalance, noBank } from './admin-account.ts'
import { adminCalendar } from './admin-calendar.ts'
import { adminCheckoutHandlers } from './admin-checkout.ts'
import { adminReading } from './admin-reading.ts'
import { onPlatform } from './on-platform.ts'

type Parts = PlatformParts & { readonly encryption: Encryption; readonly directory: Pick<StoreDirectory, 'forget'> }

/** What people decide about settlements and payouts, as PortOne's console lets them. */
export const adminHandlers = (parts: Parts): AdminHandlers => ({
  ...adminCheckoutHandlers(parts),
  ...preparing(parts),
  ...ordering(parts),
  ...withdrawing(parts),
  ...adminReading(parts),
  ...adminAccount(parts),
  ...adminCalendar(parts),
  decideAdminPartners: onPlatform(parts, async (request, { body }: AdminCall<'decideAdminPartners'>) =>
    body === undefined ? bodyMissing : decidePartners(parts.sql, request, body),
  ),
  setAdminSettlementStatus: onPlatform(parts, async (request, call: AdminCall<'setAdminSettlementStatus'>) => {
    if (call.body === undefined) return bodyMissing
    const { partnerSettlementIds, status, memo } = call.body
    const by = { memo, actor: call.principal.secretId }
    return setSettlementStatus(parts.sql, request, partnerSettlementIds, status, by)
  }),
})

const bodyMissing = refuse('INVALID_REQUEST', 'The body is missing.')

type Handling<Id extends AdminOperationId> = Pick<AdminHandlers, Id>

const preparing = (
  parts: Parts,
): Handling<
  'prepareAdminBulkPayout' | 'selectAdminSettlements' | 'discardAdminBulkPayout' | 'generateAdminPayouts'
> => ({
  prepareAdminBulkPayout: onPlatform(parts, async (request, call: AdminCall<'prepareAdminBulkPayout'>) => {
    const { body, principal } = call
    if (body === undefined) return bodyMissing
    const { id = `bp-${shortId(8)}`, name = id, settlementDates } = body
    const preparation = { bulkPayoutId: id, name, settlementDates, actor: principal.secretId }
    const prepared = await prepareBulkPayout(parts.sql, request, preparation)
    return prepared instanceof Refusal ? prepared : shown(parts, request, id)
  }),
  selectAdminSettlements: onPlatform(parts, async (request, call: AdminCall<'selectAdminSettlements'>) => {
    const { isSelected = true, partnerSettlementIds } = call.body ?? {}
    const { id } = call.path
    const selected = await selectSettlements(parts.sql, request, id, isSelected, partnerSettlementIds)
    return selected instanceof Refusal ? selected : shown(parts, request, id)
  }),
  discardAdminBulkPayout: onPlatform(parts, async (request, { path }: AdminCall<'discardAdminBulkPayout'>) => {
    const discarded = await discardBulkPayout(parts.sql, request, path.id)
    return discarded instanceof Refusal ? discarded : shown(parts, request, path.id)
  }),
  generateAdminPayouts: onPlatform(parts, async (request, call: AdminCall<'generateAdminPayouts'>) => {
    const generated = await generatePayouts(parts.sql, request, call.path.id, call.principal.secretId)
    if (generated instanceof Refusal) return generated
    const bulkPayout = await bulkPayoutView(parts.sql, request, call.path.id)
    if (bulkPayout instanceof Refusal) return bulkPayout
    return { generated: generated.generated, unpaidPartnerIds: [...generated.unpaid], bulkPayout }
  }),
})

/** The bulk payout after it was changed. */
const shown = ({ sql }: Parts, request: PlatformRequest, id: string) => bulkPayoutView(sql, request, id)

/** What was done, or that there was nothing to do it to. */
const changedTo = async (parts: Parts, request: PlatformRequest, id: string, changed: number, impossible: string) => {
  const bulkPayout = await bulkPayoutView(parts.sql, request, id)
  if (bulkPayout instanceof Refusal) return bulkPayout
  return changed === 0 ? refuse('INVALID_REQUEST', `${impossible} in the bulk payout ${id}.`) : { changed, bulkPayout }
}

const ordering = (parts: Parts): Handling<'executeAdminPayouts' | 'rescheduleAdminPayouts' | 'retryAdminPayouts'> => ({
  executeAdminPayouts: onPlatform(parts, async (request, call: AdminCall<'executeAdminPayouts'>) => {
    const scheduledAt = timeOf(request, call.body)
    return scheduledAt instanceof Refusal
      ? scheduledAt
      : order(parts, request, call, scheduledAt === undefined ? 'execute' : 'schedule', scheduledAt)
  }),
  rescheduleAdminPayouts: onPlatform(parts, async (request, call: AdminCall<'rescheduleAdminPayouts'>) => {
    const scheduledAt = timeOf(request, call.body)
    if (scheduledAt instanceof Refusal) return scheduledAt
    if (scheduledAt === undefined) return refuse('INVALID_REQUEST', 'scheduledAt is missing.')
    const actor = await approve(parts.sql, parts.encryption, request.platform, call.body?.secondFactor)
    if (actor instanceof Refusal) return actor
    const chosen = { bulkPayoutId: call.path.id, payoutIds: call.body?.payoutIds, actor, scheduledAt }
    const changed = await reschedulePayouts(parts.sql, request, chosen)
    return changedTo(parts, request, call.path.id, changed, 'No payout of these is scheduled')
  }),
  retryAdminPayouts: onPlatform(parts, (request, call: AdminCall<'retryAdminPayouts'>) =>
    order(parts, request, call, 'retry'),
  ),
})

/** When the money is to leave, where the request says so. */
const timeOf = (
  { now }: PlatformRequest,
  body: ExecuteAdminPayoutsBody | undefined,
): Instant | undefined | Refusal<'INVALID_REQUEST'> => {
  const scheduledAt = body?.scheduledAt === undefined ? undefined : fromIso(body.scheduledAt)
  const problem = scheduledAt === undefined ? undefined : scheduleProblem(scheduledAt, now)
  return problem === undefined ? scheduledAt : refuse('INVALID_REQUEST', problem)
}

/** Lets money go, once somebody who may has approved it, and the account has enough. */
const order = async (
  parts: Parts,
  request: PlatformRequest,
  { path, body }: AdminCall<'executeAdminPayouts' | 'retryAdminPayouts'>,
  move: 'execute' | 'schedule' | 'retry',
  scheduledAt?: Instant,
) => {
  const { platform } = request
  const bank = parts.bankOf(platform)
  if (bank === undefined) return noBank
  const chosen = { bulkPayoutId: path.id, payoutIds: body?.payoutIds }
  const account = await readBalance(parts.sql, platform, bank, await parts.clockOf(platform.store.storeId))
  if (account === undefined) return noBalance
  const wanted = await amountToOrder(parts, request, chosen, move)
  const left = account.balance - account.ordered
  if (wanted > left)
    return refuse(
      'INVALID_REQUEST',
      `The account has ${left} KRW that nobody has ordered yet, and ${wanted} KRW would leave it.`,
    )
  const actor = await approve(parts.sql, parts.encryption, platform, body?.secondFactor)
  if (actor instanceof Refusal) return actor
  const ordering = { ...chosen, move, actor, bankAccountId: account.bankAccountId, scheduledAt }
  const changed = await orderPayouts(parts.sql, request, ordering)
  if (changed > 0) parts.wake()
  const impossible = move === 'retry' ? 'No payout of these failed or was stopped' : 'No payout of these is confirmed'
  return changedTo(parts, request, path.id, changed, impossible)
}

/** For people, who are told before a bank refuses one payout after the other; the bank decides. */
const amountToOrder = async (
  { sql }: Parts,
  { platform }: PlatformRequest,
  { bulkPayoutId, payoutIds }: { readonly bulkPayoutId: string; readonly payoutIds: readonly string[] | undefined },
  move: 'execute' | 'schedule' | 'retry',
): Promise<number> => {
  const statuses = move === 'retry' ? ['FAILED', 'STOPPED'] : ['CONFIRMED']
  const [row] = await sql<[{ amount: number }]>`
    select coalesce(sum(amount), 0)::bigint as amount from platform_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = ${bulkPayoutId} and status = any(${statuses}::text[])
      ${payoutIds === undefined ? sql`` : sql`and payout_id = any(${[...payoutIds]}::text[])`}`
  return row.amount
}

const withdrawing = (
  parts: Parts,
): Handling<'cancelAdminPayoutSchedule' | 'stopAdminPayouts' | 'cancelAdminPayouts' | 'setAdminPayoutMemos'> => ({
  cancelAdminPayoutSchedule: onPlatform(parts, async (request, call: AdminCall<'cancelAdminPayoutSchedule'>) => {
    const changed = await withdrawOrders(parts.sql, request, 'cancelSchedule', chosenBy(call))
    return changedTo(parts, request, call.path.id, changed, 'No payout of these is scheduled')
  }),
  stopAdminPayouts: onPlatform(parts, async (request, call: AdminCall<'stopAdminPayouts'>) => {
    const changed = await withdrawOrders(parts.sql, request, 'stop', chosenBy(call))
    return changedTo(parts, request, call.path.id, changed, 'No payout of these is queued')
  }),
  cancelAdminPayouts: onPlatform(parts, async (request, call: AdminCall<'cancelAdminPayouts'>) => {
    const changed = await cancelPayouts(parts.sql, request, chosenBy(call))
    return changedTo(parts, request, call.path.id, changed, 'No payout of these is confirmed, failed or stopped')
  }),
  setAdminPayoutMemos: onPlatform(parts, async (request, call: AdminCall<'setAdminPayoutMemos'>) => {
    const changed = await setPayoutMemos(parts.sql, request, { ...chosenBy(call), ...call.body })
    return changedTo(parts, request, call.path.id, changed, 'No payout of these is confirmed')
  }),
})

type Choosing = AdminCall<
  'cancelAdminPayoutSchedule' | 'stopAdminPayouts' | 'cancelAdminPayouts' | 'setAdminPayoutMemos'
>

const chosenBy = ({ path, body, principal }: Choosing) => ({
  bulkPayoutId: path.id,
  payoutIds: body?.payoutIds,
  actor: principal.secretId,
})
