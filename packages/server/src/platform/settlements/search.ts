import type { PlatformPartnerSettlementFilterInput } from '@naru/contract'
import { PlatformPartnerSettlementFilterKeywordInput } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { isAmong } from '../among.ts'
import { oneKeyword, oneOf } from '../page.ts'
import { ofPlatform, type Platform } from '../platform.ts'

/** Which partner settlements a filter asks for, but for their statuses; the row is called `s`. */
export const settlementSearch = (
  sql: Sql,
  platform: Platform,
  filter: PlatformPartnerSettlementFilterInput,
): readonly Fragment[] | Refusal<'INVALID_REQUEST'> => {
  const keyword = oneKeyword(PlatformPartnerSettlementFilterKeywordInput, filter.keyword)
  if (keyword instanceof Refusal) return keyword
  return [
    ...oneOf(sql, sql`s.settlement_date`, filter.settlementDates),
    ...oneOf(sql, sql`s.contract_id`, filter.contractIds),
    ...oneOf(sql, sql`s.currency`, filter.settlementCurrencies),
    ...oneOf(sql, sql`s.partner_id`, filter.partnerIds),
    ...oneOf(sql, sql`s.type`, filter.settlementTypes),
    ...taggedPartner(sql, platform, sql`s.partner_id`, filter.partnerTags),
    ...equals(sql, sql`s.partner_settlement_id`, keyword.partnerSettlementId),
    ...equals(sql, sql`s.payout_id`, keyword.payoutId),
    ...equals(sql, sql`s.bulk_payout_id`, keyword.bulkPayoutId),
  ]
}

const equals = (sql: Sql, column: Fragment, value: string | undefined): readonly Fragment[] =>
  value === undefined ? [] : [sql`${column} = ${value}`]

/** A partner that has any of the tags now. */
export const taggedPartner = (
  sql: Sql,
  platform: Platform,
  column: Fragment,
  tags: readonly string[] | undefined,
): readonly Fragment[] =>
  tags?.length
    ? [
        isAmong(
          sql,
          column,
          sql`select p.id from platform_entities p
          where ${ofPlatform(sql, platform)} and p.kind = 'PARTNER' and p.content -> 'tags' ?| ${[...tags]}::text[]`,
        ),
      ]
    : []
