import type { PlatformPayoutStatus } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import { findEntities } from '../entities/store.ts'
import { fewOf } from '../few.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { type Chosen, whichOf } from './chosen.ts'
import { platformOf } from './move.ts'
import { findLeftOut, type LeftOut } from './payee.ts'
import { payoutMoves } from './status.ts'
import { noBulkPayout } from './why-not-prepared.ts'

/** What people do to the payouts of a bulk payout. */
export type HandMove = 'execute' | 'schedule' | 'reschedule' | 'retry' | 'cancelSchedule' | 'stop' | 'cancel' | 'memos'

const verbs: Readonly<Record<HandMove, string>> = {
  execute: 'executed',
  schedule: 'scheduled',
  reschedule: 'rescheduled',
  retry: 'retried',
  cancelSchedule: 'taken off a schedule',
  stop: 'stopped',
  cancel: 'cancelled',
  memos: 'given texts for bank statements',
}

/** What there is to do about payouts that are this. */
const remedies: Readonly<Record<PlatformPayoutStatus, string>> = {
  CONFIRMED: 'execute or cancel them',
  SCHEDULED: 'wait until then, reschedule them, or cancel the schedule',
  PREPARED: 'they wait for the bank; wait for it, or stop them',
  PROCESSING: 'the bank is paying them; wait for the result',
  STOPPED: 'retry or cancel them',
  FAILED: 'retry or cancel them, after a look at their failReason',
  SUCCEEDED: 'they are paid, so that nothing is left to do',
  CANCELLED: 'prepare another bulk payout for their settlements',
}

/** Why nothing could be done to these payouts: what they are, and what to do instead. */
export const whyNot = async (
  sql: Sql,
  platform: Platform,
  move: HandMove,
  chosen: Chosen,
): Promise<Refusal<'INVALID_REQUEST'>> => {
  const { bulkPayoutId: id, payoutIds } = chosen
  const [bulk] = await sql<{ status: string; count: number }[]>`
    select status, payout_count as count from platform_bulk_payouts
    where ${ofPlatform(sql, platform)} and bulk_payout_id = ${id}`
  if (bulk === undefined) return noBulkPayout(id)
  const itsStatus = `The bulk payout ${id} is ${bulk.status}`
  if (bulk.count === 0)
    return refuse(
      'INVALID_REQUEST',
      bulk.status === 'PREPARING'
        ? `${itsStatus}: it has no payouts yet. Generate them first (naru payout generate ${id}).`
        : `${itsStatus}: it was discarded before it had payouts. Prepare another one (naru payout prepare).`,
    )
  if (payoutIds !== undefined) {
    const unknown = await unknownOf(sql, platform, id, payoutIds)
    if (unknown.length > 0)
      return refuse(
        'INVALID_REQUEST',
        `The bulk payout ${id} has no payout ${fewOf(unknown)}. See which it has (naru payout payouts ${id}).`,
      )
  }
  const from: readonly PlatformPayoutStatus[] = move === 'memos' ? ['CONFIRMED'] : payoutMoves[move].from
  const found = await sql<{ status: PlatformPayoutStatus; count: number }[]>`
    select p.status, count(*) as count from platform_payouts p
    where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, chosen)} group by p.status order by p.status`
  if (found.some(({ status }) => from.includes(status)))
    return refuse('INVALID_REQUEST', `${itsStatus}. ${await whyBlocked(sql, platform, chosen, from, move)}`)
  const shown = found.map(({ status, count }) => `${count} ${status} (${remedies[status]})`).join(', ')
  return refuse(
    'INVALID_REQUEST',
    `${itsStatus}. Only payouts that are ${from.join(' or ')} can be ${verbs[move]}, and these are: ${shown}.`,
  )
}

const unknownOf = async (sql: Sql, platform: Platform, id: string, payoutIds: readonly string[]) => {
  const known = await sql<{ id: string }[]>`
    select p.payout_id as id from platform_payouts p
    where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, { bulkPayoutId: id, payoutIds })}`
  const ids = new Set(known.map(({ id }) => id))
  return payoutIds.filter((id) => !ids.has(id))
}

/** Why payouts whose status would allow it cannot be paid: their partners, or another bulk payout that pays the same. */
const whyBlocked = async (
  sql: Sql,
  platform: Platform,
  chosen: Chosen,
  from: readonly PlatformPayoutStatus[],
  move: HandMove,
): Promise<string> => {
  const leftOut = await findLeftOut(sql, platform, chosen, from)
  const named = (reason: LeftOut['reason']): readonly string[] => [
    ...new Set(leftOut.filter((one) => one.reason === reason).map(({ partnerId }) => partnerId)),
  ]
  const [notApproved, otherAccount] = [named('PARTNER_NOT_APPROVED'), named('ACCOUNT_CHANGED')]
  const partners = await findEntities(sql, platform, 'PARTNER', notApproved)
  const withStatus = notApproved.map((id) => `${id} (${partners.get(id)?.content.status ?? 'unknown'})`)
  const why: string[] = []
  if (notApproved.length > 0)
    why.push(
      `Only partners who are APPROVED are paid, and these are not: ${fewOf(withStatus)}. ` +
        'Approve them (naru payout approve-partner), or cancel their payouts.',
    )
  // A retry pays the new account, and whose bank does not confirm that has been said.
  if (otherAccount.length > 0 && move !== 'retry')
    why.push(
      `The account of these partners has changed since their payouts were generated: ${fewOf(otherAccount)}. ` +
        `Cancel the payouts (naru payout cancel ${chosen.bulkPayoutId}), and prepare their settlements again ` +
        '(naru payout prepare): the new payouts pay the new account.',
    )
  return why.length > 0 ? why.join(' ') : takenUp
}

const takenUp =
  'The settlements of these payouts were taken up by another bulk payout, which pays them, or somebody else is changing the ' +
  'payouts at this moment. Read them again (naru payout payouts), and cancel those that another bulk payout pays.'
