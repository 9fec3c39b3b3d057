import type { ExecuteAdminPayoutsBody } from '@naru/contract'
import type { AdminCall } from '../http/admin.ts'
import { fromIso, type Instant } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { approve } from '../platform/payouts/approval.ts'
import { type Balance, readBalance } from '../platform/payouts/balance.ts'
import {
  amountToOrder,
  type Chosen,
  type Ordering,
  orderPayouts,
  reschedulePayouts,
} from '../platform/payouts/order.ts'
import { scheduleProblem } from '../platform/payouts/schedule-time.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { noBalance, noBank } from './admin-account.ts'
import { type AdminParts, changedTo, type Handling } from './admin-parts.ts'
import { changingPlatform } from './on-platform.ts'

export const ordering = (
  parts: AdminParts,
): Handling<'executeAdminPayouts' | 'rescheduleAdminPayouts' | 'retryAdminPayouts'> => ({
  executeAdminPayouts: changingPlatform(parts, async (parts, request, call: AdminCall<'executeAdminPayouts'>) => {
    const scheduledAt = timeOf(request, call.body)
    return scheduledAt instanceof Refusal
      ? scheduledAt
      : order(parts, request, call, scheduledAt === undefined ? 'execute' : 'schedule', scheduledAt)
  }),
  rescheduleAdminPayouts: changingPlatform(parts, async (parts, request, call: AdminCall<'rescheduleAdminPayouts'>) => {
    const scheduledAt = timeOf(request, call.body)
    if (scheduledAt instanceof Refusal) return scheduledAt
    if (scheduledAt === undefined) return refuse('INVALID_REQUEST', 'scheduledAt is missing.')
    const actor = await approve(parts.sql, parts.encryption, request.platform, call.body?.secondFactor)
    if (actor instanceof Refusal) return actor
    const chosen = { bulkPayoutId: call.path.id, payoutIds: call.body?.payoutIds, actor, scheduledAt }
    const changed = await reschedulePayouts(parts.sql, request, chosen)
    return changedTo(parts, request, call.path.id, changed, 'No payout of these is scheduled')
  }),
  retryAdminPayouts: changingPlatform(parts, (parts, request, call: AdminCall<'retryAdminPayouts'>) =>
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

type Order = Chosen & {
  readonly move: Ordering['move']
  readonly scheduledAt?: Instant | undefined
}

/** Lets money go, once somebody who may has approved it, and the account has enough. */
const order = async (
  parts: AdminParts,
  request: PlatformRequest,
  { path, body }: AdminCall<'executeAdminPayouts' | 'retryAdminPayouts'>,
  move: Ordering['move'],
  scheduledAt?: Instant,
) => {
  const wanted = { bulkPayoutId: path.id, payoutIds: body?.payoutIds, move, scheduledAt }
  const affordable = await affordableFrom(parts, request, wanted)
  if (affordable instanceof Refusal) return affordable
  const actor = await approve(parts.sql, parts.encryption, request.platform, body?.secondFactor)
  if (actor instanceof Refusal) return actor
  const changed = await orderAffordable(parts, request, { ...wanted, actor }, affordable)
  if (changed instanceof Refusal) return changed
  if (changed > 0) parts.wake()
  const impossible = move === 'retry' ? 'failed or was stopped' : 'is confirmed'
  return changedTo(
    parts,
    request,
    path.id,
    changed,
    `No payout of these ${impossible}, with a partner who is approved,`,
  )
}

/** The account, if it has enough for the order. For people, who hear of it before the bank refuses one payout after the other. */
const affordableFrom = async (parts: AdminParts, request: PlatformRequest, wanted: Order) => {
  const { platform } = request
  const bank = parts.bankOf(platform)
  if (bank === undefined) return noBank
  const account = await readBalance(parts.sql, platform, bank, await parts.clockOf(platform.store.storeId))
  if (account === undefined) return noBalance
  const amount = await amountToOrder(parts.sql, platform, wanted, wanted.move)
  const left = account.balance - account.ordered
  if (amount <= left) return account
  return refuse(
    'INVALID_REQUEST',
    `The account has ${left} KRW that nobody has ordered yet, and ${amount} KRW would leave it.`,
  )
}

/** Whoever orders from the account at the same time has it read again: there may not be enough for both. */
const orderAffordable = async (
  parts: AdminParts,
  request: PlatformRequest,
  wanted: Order & { readonly actor: string },
  account: Balance,
): Promise<number | Refusal<'INVALID_REQUEST'>> => {
  const { ordered, isWhole } = await orderPayouts(parts.sql, request, { ...wanted, account })
  if (isWhole) return ordered
  const again = await affordableFrom(parts, request, wanted)
  if (again instanceof Refusal) return ordered > 0 ? ordered : again
  const rest = await orderAffordable(parts, request, wanted, again)
  return rest instanceof Refusal ? (ordered > 0 ? ordered : rest) : ordered + rest
}
