import type { Bank } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { byKey, isAmong } from '../among.ts'
import { findEntities } from '../entities/store.ts'
import type { LookUps } from '../lookups/providers.ts'
import { isSameHolder } from '../lookups/same-holder.ts'
import type { Platform } from '../platform.ts'
import { type Chosen, whichOf } from './chosen.ts'
import { approvedPartners, isAmongApproved, platformOf } from './move.ts'
import { paysPayee } from './payee.ts'

/** An account that a partner was given after its payout was generated, and whose holder the bank has confirmed. */
export type NewAccount = { readonly partnerId: string; readonly version: number }

/** Banks are asked about so many accounts at the same time. */
const askedAtOnce = 10

/**
 * Who gets a retried payout: the partner's account of today, because a wrong account is why most payouts fail, and one that
 * was given up must not be paid. Its holder is looked up again, since whoever approves the retry has approved another
 * account before. A payout whose new account the bank does not confirm is not retried.
 */
export const confirmNewAccounts = async (
  sql: Sql,
  lookUps: Pick<LookUps, 'holderOf'>,
  platform: Platform,
  chosen: Chosen,
): Promise<{ readonly confirmed: readonly NewAccount[]; readonly unconfirmed: readonly string[] }> => {
  const found = await findNewAccounts(sql, platform, chosen)
  const confirmed: NewAccount[] = []
  for (let first = 0; first < found.length; first += askedAtOnce) {
    const some = found.slice(first, first + askedAtOnce)
    const answers = await Promise.all(some.map((account) => isConfirmed(lookUps, account)))
    confirmed.push(
      ...some.filter((_, index) => answers[index]).map(({ partnerId, version }) => ({ partnerId, version })),
    )
  }
  const names = new Set(confirmed.map(({ partnerId }) => partnerId))
  const asked = new Set(found.map(({ partnerId }) => partnerId))
  return { confirmed, unconfirmed: [...asked].filter((id) => !names.has(id)) }
}

type FoundAccount = NewAccount & {
  readonly bank: Bank
  readonly number: string
  readonly holder: string
  readonly isOfCurrency: boolean
}

/** Partners are read by themselves, as `findNets` does. */
const findNewAccounts = async (sql: Sql, platform: Platform, chosen: Chosen): Promise<readonly FoundAccount[]> => {
  const payouts = await sql<{ partnerId: string; currency: string }[]>`
    select distinct p.partner_id as "partnerId", p.currency from platform_payouts p
    where ${platformOf(sql, platform, 'p')} and ${whichOf(sql, chosen)}
      and ${isRetryable(sql, platform, chosen)} and not ${paysPayee(sql, platform)}
    order by p.partner_id, p.currency`
  const ids = [...new Set(payouts.map(({ partnerId }) => partnerId))]
  const partners = await findEntities(sql, platform, 'PARTNER', ids)
  return payouts.flatMap(({ partnerId, currency }) => {
    const partner = partners.get(partnerId)
    if (partner === undefined) return []
    const { account } = partner.content
    return [{ ...account, partnerId, version: partner.version, isOfCurrency: account.currency === currency }]
  })
}

/** Whether a payout `p` may be ordered again at all. Settlements that another bulk payout took up are paid there. */
const isRetryable = (sql: Sql, platform: Platform, { bulkPayoutId }: Chosen): Fragment => {
  const ended = sql`
    select f.payout_id, f.status from platform_payouts f
    where ${platformOf(sql, platform, 'f')} and f.bulk_payout_id = ${bulkPayoutId} and f.status in ('FAILED', 'STOPPED')`
  const paidElsewhere = sql`
    select s.payout_id from platform_partner_settlements s
    where ${platformOf(sql, platform, 's')} and ${byKey(sql, ended).has(sql`s.payout_id`)} and s.bulk_payout_id <> ${bulkPayoutId}`
  return sql`
    p.status in ('FAILED', 'STOPPED') and not ${isAmong(sql, sql`p.payout_id`, paidElsewhere)}
    and ${isAmongApproved(sql, platform)}`
}

/** Whether a payout `p` may be ordered again, with the new accounts that were confirmed. */
export const canRetry = (
  sql: Sql,
  platform: Platform,
  chosen: Chosen,
  newAccounts: readonly NewAccount[],
): Fragment => {
  const confirmed = sql`
    select * from unnest(${newAccounts.map(({ partnerId }) => partnerId)}::text[],
      ${newAccounts.map(({ version }) => version)}::integer[])`
  const current = sql`
    ${approvedPartners(sql, platform, sql`e.id`)} and ${isAmong(sql, sql`(e.id, e.version)`, confirmed)}`
  return sql`
    ${isRetryable(sql, platform, chosen)} and (${paysPayee(sql, platform)} or ${isAmong(sql, sql`p.partner_id`, current)})`
}

/** What changes of a payout `p` of the CTE `target` that is ordered again. Begins with a comma. */
export const payingNewAccount = (sql: Sql, platform: Platform): Fragment => {
  const partners = byKey(sql, sql`select partner_id, was from target`)
  const accounts = byKey(
    sql,
    sql`
    select e.id, e.content -> 'account' from platform_entities e
    where ${platformOf(sql, platform, 'e')} and e.kind = 'PARTNER' and ${partners.has(sql`e.id`)}`,
  )
  return sql`
    , (bank, account_number, account_holder) = (
      select account ->> 'bank', account ->> 'number', account ->> 'holder'
      from (select ${accounts.valueOf(sql`p.partner_id`)}::jsonb) as of_partner (account)
    )`
}

const isConfirmed = async (
  lookUps: Pick<LookUps, 'holderOf'>,
  { bank, number, holder, isOfCurrency }: FoundAccount,
): Promise<boolean> => {
  if (!isOfCurrency) return false
  const answer = await lookUps.holderOf({ bank, number })
  return answer.kind === 'found' && isSameHolder(answer.holderName, holder)
}
