import type { PlatformPayoutStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { isAmong } from '../among.ts'
import { findEntities } from '../entities/store.ts'
import type { Platform } from '../platform.ts'
import { type Chosen, whichOf } from './chosen.ts'
import { approvedPartners, isApproved, platformOf } from './move.ts'

/** Why a payout is not ordered although its own status would allow it. */
export type LeftOut = {
  readonly payoutId: string
  readonly partnerId: string
  /** An account that was given up must not be paid, and the new one is not what has been approved. */
  readonly reason: 'PARTNER_NOT_APPROVED' | 'ACCOUNT_CHANGED'
}

const accountOf = (sql: Sql): Fragment => sql`
  e.content -> 'account' ->> 'bank', e.content -> 'account' ->> 'number', e.content -> 'account' ->> 'holder',
  e.content -> 'account' ->> 'currency'`

const paidAccount = (sql: Sql): Fragment => sql`p.bank, p.account_number, p.account_holder, p.currency`

/**
 * Whether a payout `p` pays the account that its partner has now, and the partner is approved, in a statement about many payouts:
 * reads the approved partners once, however many payouts there are.
 */
export const paysPayee = (sql: Sql, platform: Platform): Fragment =>
  isAmong(sql, sql`(p.partner_id, ${paidAccount(sql)})`, approvedPartners(sql, platform, sql`e.id, ${accountOf(sql)}`))

/** As `paysPayee`, in a statement about one payout. Asked again where money leaves: between ordering and that may be days. */
export const paysItsPayee = (sql: Sql): Fragment => sql`(${isApproved(sql)} and (
  select (${accountOf(sql)}) = (${paidAccount(sql)}) from platform_entities e
  where e.merchant_id = p.merchant_id and e.is_for_test = p.is_for_test and e.kind = 'PARTNER' and e.id = p.partner_id
) is true)`

/** Which payouts of these statuses are left out, and why. Partners are read by themselves, as `findNets` does. */
export const findLeftOut = async (
  sql: Sql,
  platform: Platform,
  chosen: Chosen,
  statuses: readonly PlatformPayoutStatus[],
): Promise<readonly LeftOut[]> => {
  const payouts = await sql<{ payoutId: string; partnerId: string }[]>`
    select p.payout_id as "payoutId", p.partner_id as "partnerId" from platform_payouts p
    where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, chosen)} and p.status = any(${[...statuses]}::text[])
      and not ${paysPayee(sql, platform)}
    order by p.partner_id, p.payout_id`
  const ids = [...new Set(payouts.map(({ partnerId }) => partnerId))]
  const partners = await findEntities(sql, platform, 'PARTNER', ids)
  return payouts.map(({ payoutId, partnerId }) => {
    const isApproved = partners.get(partnerId)?.content.status === 'APPROVED'
    return { payoutId, partnerId, reason: isApproved ? 'ACCOUNT_CHANGED' : 'PARTNER_NOT_APPROVED' }
  })
}
