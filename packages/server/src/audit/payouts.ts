import type { PlatformPayoutStatus } from '@naru/contract'
import type { Queryable } from '../db/connect.ts'
import { payableStatuses, payoutMoves, settlementStatuses } from '../platform/payouts/status.ts'
import { largestSum } from '../platform/sums.ts'
import type { Finder } from './finder.ts'
import type { Finding } from './finding.ts'
import { type Found, findings } from './found.ts'
import { payoutMoneyFinders } from './payout-money.ts'

/** Settlements that an earlier version, which knew no limit, has let grow. Nobody else waits for them. */
const findUnpayable = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'settlement-can-be-paid',
    await sql<Found[]>`
      select store_id as "storeId", partner_settlement_id as id,
        'is more than one payout can pay, and no bulk payout takes it up. Delete it together with its transfers and register'
          || ' them anew: they will be settled in several' as what
      from platform_partner_settlements
      where status = any(${[...payableStatuses, 'PAYOUT_WITHHELD']}::text[])
        and greatest(abs(settlement), abs(settlement_tax_free)) > ${largestSum}::bigint
      order by 1, 2`,
  )

/** How a payout may begin: generated, or recorded as paid elsewhere. */
const beginnings: readonly PlatformPayoutStatus[] = ['CONFIRMED', 'SUCCEEDED']

const steps: ReadonlySet<string> = new Set(
  Object.values(payoutMoves).flatMap(({ from, to }) => from.map((status) => `${status} ${to}`)),
)

const findImpossibleHistories = async (sql: Queryable): Promise<readonly Finding[]> => {
  const rows = await sql<(Found & { step: string | null; isFirst: boolean; isBroken: boolean })[]>`
    with history as (
      select e.*, lag(e.status) over w as before, row_number() over w as place, p.store_id,
        e.version = p.version as is_last, p.status as is_now
      from platform_payout_events e join platform_payouts p using (merchant_id, is_for_test, payout_id)
      window w as (partition by e.merchant_id, e.is_for_test, e.payout_id order by e.version)
    )
    select store_id as "storeId", payout_id as id, before || ' ' || status as step, before is null as "isFirst",
      (version <> place or (is_last and status <> is_now)) as "isBroken",
      'became ' || status || coalesce(' from ' || before, '') || ' in version ' || version as what
    from history`
  const unfinished = await sql<Found[]>`
    select p.store_id as "storeId", p.payout_id as id, 'is in version ' || p.version || ', its history is not' as what
    from platform_payouts p left join platform_payout_events e using (merchant_id, is_for_test, payout_id, version)
    where e.payout_id is null`
  const impossible = rows.filter(
    ({ step, isFirst, isBroken, what }) =>
      isBroken ||
      (isFirst ? !beginnings.some((status) => what.startsWith(`became ${status} `)) : !steps.has(step ?? '')),
  )
  return findings('payout-has-a-history', [...impossible, ...unfinished])
}

/** A payout that was given up has lost settlements to another one. */
const findWrongAmounts = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'payout-is-the-sum',
    await sql<Found[]>`
      select p.store_id as "storeId", p.payout_id as id,
        'is for ' || p.settlement_amount || ', its settlements for ' || coalesce(s.settlement, 0) as what
      from platform_payouts p left join (
        select merchant_id, is_for_test, payout_id,
          sum(case when type = 'ORDER_CANCEL' then -settlement else settlement end) as settlement,
          sum(case when type = 'ORDER_CANCEL' then -settlement_tax_free else settlement_tax_free end) as tax_free
        from platform_partner_settlements where payout_id is not null group by 1, 2, 3
      ) s using (merchant_id, is_for_test, payout_id)
      where p.status <> 'CANCELLED'
        and (p.settlement_amount <> coalesce(s.settlement, 0) or p.settlement_tax_free <> coalesce(s.tax_free, 0))
      order by 1, 2`,
  )

/** Settlements that are not what their payout makes them; transfers are what their settlement is. */
const findStragglers = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'payout-is-followed',
    await sql<Found[]>`
      select p.store_id as "storeId", s.partner_settlement_id as id, 'is ' || s.status || ' in a payout that is ' || p.status as what
      from platform_payouts p join platform_partner_settlements s using (merchant_id, is_for_test, payout_id)
      where p.status <> 'CANCELLED' and s.status <> (${sql.json(settlementStatuses)}::jsonb ->> p.status)
      order by 1, 2`,
  )

const findWrongBulkPayouts = async (sql: Queryable): Promise<readonly Finding[]> =>
  findings(
    'bulk-payout-is-the-sum',
    await sql<Found[]>`
      select b.store_id as "storeId", b.bulk_payout_id as id, 'counts other payouts than it has' as what
      from platform_bulk_payouts b left join (
        select merchant_id, is_for_test, bulk_payout_id, count(*) as payouts,
          count(*) filter (where status in ('SCHEDULED', 'PREPARED', 'PROCESSING')) as active,
          count(*) filter (where status in ('SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELLED')) as ended,
          count(*) filter (where status = 'CANCELLED') as cancelled
        from platform_payouts group by 1, 2, 3
      ) p using (merchant_id, is_for_test, bulk_payout_id)
      where (b.payout_count, b.active_count, b.ended_count, b.cancelled_count)
        <> (coalesce(p.payouts, 0), coalesce(p.active, 0), coalesce(p.ended, 0), coalesce(p.cancelled, 0))
      order by 1, 2`,
  )

/**
 * Payouts of partner settlement: their status against their history, their amounts against their settlements, settlements and bulk
 * payouts against their payouts, what was ordered of the bank against them, and what left the sandbox bank against what was ordered.
 */
export const payoutFinders: readonly Finder<Queryable>[] = [
  { of: 'Settlements that wait for a payout', find: findUnpayable },
  { of: 'Histories of payouts', find: findImpossibleHistories },
  { of: 'Amounts of payouts', find: findWrongAmounts },
  { of: 'Settlements of payouts', find: findStragglers },
  { of: 'The counts of bulk payouts', find: findWrongBulkPayouts },
  ...payoutMoneyFinders,
]

/** Everything that is wrong with payouts. */
export const findPayoutFaults = async (sql: Queryable): Promise<readonly Finding[]> => {
  const found: Finding[] = []
  for (const { find } of payoutFinders) for await (const finding of await find(sql)) found.push(finding)
  return found
}
