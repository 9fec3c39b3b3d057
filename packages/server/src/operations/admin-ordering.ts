import type { ExecuteAdminPayoutsBody } from '@naru/contract'
import type { AdminCall } from '../http/admin.ts'
import { fromIso, type Instant } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { instantProblem } from '../platform/datable.ts'
import { fewOf } from '../platform/few.ts'
import { approve } from '../platform/payouts/approval.ts'
import { amountToOrder, type Ordering, orderPayouts, reschedulePayouts } from '../platform/payouts/order.ts'
import { findLeftOut, type LeftOut } from '../platform/payouts/payee.ts'
import { confirmNewAccounts } from '../platform/payouts/retry.ts'
import { scheduleProblem } from '../platform/payouts/schedule-time.ts'
import { type Account, OrderedMeanwhile, refuseTooMuch } from '../platform/payouts/spending.ts'
import { payoutMoves } from '../platform/payouts/status.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { type AdminParts, changedTo, chosenBy, type Handling } from './admin-parts.ts'
import { changingPlatform, spendingPlatform } from './on-platform.ts'

export const ordering = (
  parts: AdminParts,
): Handling<'executeAdminPayouts' | 'rescheduleAdminPayouts' | 'retryAdminPayouts'> => ({
  executeAdminPayouts: spendingPlatform(
    parts,
    async (request, { body }: AdminCall<'executeAdminPayouts'>) => timeOf(request, body),
    async (parts, request, call, account, scheduledAt) => {
      if (scheduledAt instanceof Refusal) return scheduledAt
      const move = scheduledAt === undefined ? 'execute' : 'schedule'
      const changed = await order(parts, request, call, { move, scheduledAt, account })
      if (changed instanceof Refusal) return changed
      const answer = await changedTo(parts, request, move, chosenBy(call), changed)
      if (answer instanceof Refusal) return answer
      const { from } = payoutMoves[move]
      return { ...answer, leftOut: [...(await findLeftOut(parts.sql, request.platform, chosenBy(call), from))] }
    },
  ),
  rescheduleAdminPayouts: changingPlatform(parts, async (parts, request, call: AdminCall<'rescheduleAdminPayouts'>) => {
    const scheduledAt = timeOf(request, call.body)
    if (scheduledAt instanceof Refusal) return scheduledAt
    if (scheduledAt === undefined)
      return refuse('INVALID_REQUEST', 'scheduledAt is missing: say when to pay, such as 2026-03-03T01:00:00Z.')
    const actor = await approve(parts.sql, parts.encryption, request.platform, call.body?.secondFactor)
    if (actor instanceof Refusal) return actor
    const changed = await reschedulePayouts(parts.sql, request, { ...chosenBy(call), actor, scheduledAt })
    return changedTo(parts, request, 'reschedule', chosenBy(call), changed)
  }),
  retryAdminPayouts: spendingPlatform(
    parts,
    async ({ platform }, { path, body }: AdminCall<'retryAdminPayouts'>) => {
      const { sql, lookUpsOf } = parts
      return await confirmNewAccounts(sql, lookUpsOf(platform), platform, chosenBy({ path, body }))
    },
    async (parts, request, call, account, { confirmed, unconfirmed }) => {
      const changed = await order(parts, request, call, { move: 'retry', newAccounts: confirmed, account })
      if (changed instanceof Refusal) return changed
      if (changed === 0 && unconfirmed.length > 0) return notConfirmed(call.path.id, unconfirmed)
      const answer = await changedTo(parts, request, 'retry', chosenBy(call), changed)
      if (answer instanceof Refusal) return answer
      const found = await findLeftOut(parts.sql, request.platform, chosenBy(call), payoutMoves.retry.from)
      const isLeftOut = ({ reason, partnerId }: LeftOut): boolean =>
        reason === 'PARTNER_NOT_APPROVED' || unconfirmed.includes(partnerId)
      return { ...answer, unconfirmedPartnerIds: [...unconfirmed], leftOut: found.filter(isLeftOut) }
    },
  ),
})

const notConfirmed = (id: string, partnerIds: readonly string[]): Refusal<'INVALID_REQUEST'> =>
  refuse(
    'INVALID_REQUEST',
    `No payout of the bulk payout ${id} was retried: the bank does not confirm the new account of ${fewOf(partnerIds)}. ` +
      "Correct the partner's account, then retry.",
  )

/** When the money is to leave, where the request says so. */
const timeOf = (
  { now }: PlatformRequest,
  body: ExecuteAdminPayoutsBody | undefined,
): Instant | undefined | Refusal<'INVALID_REQUEST'> => {
  const scheduledAt = body?.scheduledAt === undefined ? undefined : fromIso(body.scheduledAt)
  const problem = scheduledAt === undefined ? undefined : scheduleProblem(scheduledAt, now)
  if (problem !== undefined) return refuse('INVALID_REQUEST', problem)
  return instantProblem({ scheduledAt: body?.scheduledAt }) ?? scheduledAt
}

/** Lets money go, once somebody who may has approved it, and the account has enough. Returns how many payouts were ordered. */
const order = async (
  { sql, encryption, wake }: AdminParts,
  request: PlatformRequest,
  { path, body }: AdminCall<'executeAdminPayouts' | 'retryAdminPayouts'>,
  given: Pick<Ordering, 'move' | 'scheduledAt' | 'newAccounts'> & { readonly account: Account },
): Promise<number | Refusal<'INVALID_REQUEST' | 'FORBIDDEN'>> => {
  const { platform } = request
  const wanted = { ...chosenBy({ path, body }), ...given }
  const { count, amount } = await amountToOrder(sql, platform, wanted)
  // Before anybody is asked for a code, which is good once. Counted as an order, it would make others decide theirs again.
  if (count === 0) return 0
  const tooMuch = refuseTooMuch(given.account, amount)
  if (tooMuch) return tooMuch
  const actor = await approve(sql, encryption, platform, body?.secondFactor)
  if (actor instanceof Refusal) return actor
  const { ordered, isWhole } = await orderPayouts(sql, request, { ...wanted, actor })
  if (!isWhole) throw new OrderedMeanwhile()
  if (ordered > 0) wake()
  return ordered
}
