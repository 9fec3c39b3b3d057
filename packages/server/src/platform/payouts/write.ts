import type { PlatformPayoutMethod } from '@naru/contract'
import type { Fragment, JSONValue } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { byKey, isAmong } from '../among.ts'
import type { PlatformRequest } from '../platform.ts'
import type { SettingContent } from '../settings/content.ts'
import { givingUpPayouts, stalePayouts } from './give-up.ts'
import { platformOf } from './move.ts'
import type { PartnerNet, PayoutRow } from './net.ts'
import { payableStatuses, settlementStatuses } from './status.ts'

export type NewPayouts = {
  readonly request: PlatformRequest
  readonly bulkPayoutId: string
  readonly method: PlatformPayoutMethod
  /** `SUCCEEDED` where the money was paid elsewhere. */
  readonly status: 'CONFIRMED' | 'SUCCEEDED'
  readonly statusUpdatedAt: Instant
  readonly actor: string
  readonly setting: SettingContent
  readonly payouts: readonly (readonly [PayoutRow, PartnerNet])[]
}

/**
 * The CTEs that write payouts and take up their settlements: all of them, or none where a settlement was changed since its
 * net was read. `locked` takes the settlements as they are after whoever held them; `allowed` has a row where every one of
 * them is as it was read. `written` has the payouts.
 *
 * A settlement whose payout failed takes that payout with it: it is cancelled, and what else was in it can be paid again.
 * `first` is a condition of the caller's, which must hold as well.
 */
export const writingPayouts = (sql: Sql, given: NewPayouts, first: Fragment): Fragment => {
  const { request, bulkPayoutId, method, status, statusUpdatedAt, actor, setting, payouts } = given
  const { platform, now } = request
  const { merchantId, isForTest, store } = platform
  const wanted = payouts.flatMap(([{ payout_id }, { settlementIds, settlementVersions }]) =>
    settlementIds.map((id, index) => ({ id, version: settlementVersions[index] ?? 0, payoutId: payout_id })),
  )
  const settlementIds = wanted.map(({ id }) => id)
  const payoutOf = byKey(sql, sql`select id, payout_id from wanted`)
  const rows: JSONValue = payouts.map(([row]) => ({ ...row }))
  return sql`
    wanted as (
      select * from unnest(${settlementIds}::text[], ${wanted.map(({ version }) => version)}::integer[],
        ${wanted.map(({ payoutId }) => payoutId)}::text[]) as w (id, version, payout_id)
    ), ${stalePayouts(sql, platform, settlementIds)}, locked as materialized (
      select s.partner_settlement_id from platform_partner_settlements s
      where ${platformOf(sql, platform, 's')} and s.status = any(${[...payableStatuses]}::text[])
        and s.partner_settlement_id = any(${settlementIds}::text[])
        and ${isAmong(sql, sql`(s.partner_settlement_id, s.version)`, sql`select id, version from wanted`)}
      order by s.partner_settlement_id for update of s
    ), allowed as (
      select where (select count(*) from locked) = ${wanted.length}
        and not exists (select from stale where stale.status <> 'FAILED') and ${first}
    ), written as (
      insert into platform_payouts (merchant_id, is_for_test, bulk_payout_id, store_id, method, status, status_updated_at,
        created_at, deduct_wht, settlement_amount_type, withdrawal_memo, deposit_memo, ${payoutColumns(sql)})
      select ${merchantId}, ${isForTest}, ${bulkPayoutId}, ${store.storeId}, ${method}, ${status},
        ${statusUpdatedAt}::timestamptz, ${now}::timestamptz, ${setting.deductWht}::boolean,
        ${setting.settlementAmountType}, ${setting.defaultWithdrawalMemo ?? null}, ${setting.defaultDepositMemo ?? null},
        ${payoutColumns(sql)}
      from jsonb_populate_recordset(null::platform_payouts, ${sql.json(rows)}) where exists (select from allowed)
      returning payout_id, amount, settlement_amount
    ), written_events as (
      insert into platform_payout_events (merchant_id, is_for_test, payout_id, version, status, at, actor)
      select ${merchantId}, ${isForTest}, payout_id, 1, ${status}, ${now}::timestamptz, ${actor} from written
    ), taken as (
      update platform_partner_settlements s set status = ${settlementStatuses[status]}, version = s.version + 1,
        status_updated_at = ${now}::timestamptz, is_open = false, is_selected = true, bulk_payout_id = ${bulkPayoutId},
        payout_id = ${payoutOf.valueOf(sql`s.partner_settlement_id`)}
      where ${platformOf(sql, platform, 's')} and ${payoutOf.has(sql`s.partner_settlement_id`)} and exists (select from allowed)
    ), ${givingUpPayouts(sql, platform, { settlementIds, now, actor, reason: `paid again by ${bulkPayoutId}` })}`
}

const payoutColumns = (sql: Sql): Fragment =>
  sql.unsafe(
    'payout_id, partner_id, partner_version, partner_type, taxation_type, bank, account_number, account_holder, currency, sole_settlement_id, amount, supply_amount, tax_free_amount, vat_amount, settlement_amount, settlement_tax_free, income_tax, local_income_tax',
  )
