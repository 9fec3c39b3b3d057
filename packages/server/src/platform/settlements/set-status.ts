import type { PlatformPartnerSettlementStatus } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { refuse } from '../../kernel/refusal.ts'
import { isAmong } from '../among.ts'
import { fewOf } from '../few.ts'
import { givingUpPayouts, stalePayouts } from '../payouts/give-up.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'

/** What a person may make of a settlement by hand, and from which statuses. PortOne documents it for its console. */
export const handStatuses = {
  PAYOUT_PREPARED: ['PAYOUT_WITHHELD', 'CANCELLED', 'PAYOUT_EXCLUDED', 'PAYOUT_FAILED'],
  PAYOUT_WITHHELD: ['PAYOUT_PREPARED', 'CANCELLED', 'PAYOUT_EXCLUDED'],
  PAYOUT_EXCLUDED: ['PAYOUT_PREPARED', 'PAYOUT_WITHHELD', 'CANCELLED'],
} as const satisfies Readonly<
  Partial<Record<PlatformPartnerSettlementStatus, readonly PlatformPartnerSettlementStatus[]>>
>

export type HandStatus = keyof typeof handStatuses

/**
 * Withholds settlements from payouts, leaves them out for good, or makes them payable again. All of them, or none. Transfers
 * that come later found a settlement of their own: what a person has decided of this one is not theirs.
 */
export const setSettlementStatus = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  ids: readonly string[],
  status: HandStatus,
  { memo, actor }: { readonly memo?: string | undefined; readonly actor: string },
) => {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return refuse('INVALID_REQUEST', 'partnerSettlementIds must name a settlement at least.')
  const isWanted = (id: Fragment) =>
    sql`${id} = any(${wanted}::text[]) and ${isAmong(sql, id, sql`select unnest(${wanted}::text[])`)}`
  const [row] = await sql<[{ changed: number; known: Known[] }]>`
    with ${stalePayouts(sql, platform, wanted)}, locked as materialized (
      select partner_settlement_id, status, bulk_payout_id from platform_partner_settlements
      where ${ofPlatform(sql, platform)} and ${isWanted(sql`partner_settlement_id`)}
      order by partner_settlement_id for update
    ), preparing as (
      select bulk_payout_id from platform_bulk_payouts where ${ofPlatform(sql, platform)} and status = 'PREPARING'
    ), allowed as (
      select where (
        select count(*) from locked
        where status = any(${[...handStatuses[status]]}::text[])
          and (bulk_payout_id is null or bulk_payout_id not in (select bulk_payout_id from preparing))
      ) = ${wanted.length} and not exists (select from stale where stale.status <> 'FAILED')
    ), ${givingUpPayouts(sql, platform, { settlementIds: wanted, now, actor, reason: `settlement set to ${status}` })},
    changed as (
      update platform_partner_settlements s set status = ${status}, status_updated_at = ${now}::timestamptz,
        version = s.version + 1, is_open = false, bulk_payout_id = null, is_selected = false, payout_id = null,
        memo = coalesce(${memo ?? null}, s.memo)
      where s.merchant_id = ${platform.merchantId} and s.is_for_test = ${platform.isForTest}
        and ${isWanted(sql`s.partner_settlement_id`)} and exists (select from allowed)
      returning 1
    )
    select (select count(*) from changed) as changed,
      (
        select coalesce(jsonb_agg(jsonb_build_object('id', partner_settlement_id, 'status', status, 'preparing', (
          select p.bulk_payout_id from preparing p where p.bulk_payout_id = locked.bulk_payout_id
        )) order by partner_settlement_id), '[]') from locked
      ) as known`
  if (row.changed > 0) return { changed: row.changed }
  const known = new Set(row.known.map(({ id }) => id))
  const unknown = wanted.filter((id) => !known.has(id))
  return refuse(
    'INVALID_REQUEST',
    unknown.length > 0
      ? `There are no partner settlements ${fewOf(unknown)}. Nothing was changed; see which there are (naru payout settlements).`
      : `Only settlements that are ${handStatuses[status].join(', ')}, and in no bulk payout in preparation, can become ${status}. ` +
          whatIs(row.known, handStatuses[status]),
  )
}

type Known = {
  readonly id: string
  readonly status: PlatformPartnerSettlementStatus
  /** The bulk payout in preparation that has it. */
  readonly preparing: string | null
}

/** Which settlements are in the way, and what to do about them. */
const whatIs = (known: readonly Known[], allowed: readonly PlatformPartnerSettlementStatus[]): string => {
  const others = known.filter(({ status }) => !allowed.includes(status))
  if (others.length > 0)
    return `Nothing was changed: leave out ${fewOf(others.map(({ id, status }) => `${id} (${status})`))}.`
  const taken = known.filter(({ preparing }) => preparing !== null)
  return taken.length > 0
    ? `Nothing was changed: first generate or discard the bulk payout of ${fewOf(taken.map(({ id, preparing }) => `${id} (in ${preparing})`))}.`
    : 'Somebody else is changing their payouts at this moment: read them again.'
}
