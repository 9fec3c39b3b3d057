import { type DateRange, type PlatformTransferFilterInput, PlatformTransferFilterInputKeyword } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { contains, oneKeyword } from '../page.ts'
import type { Platform } from '../platform.ts'
import {
  anyOf,
  type Criterion,
  hasEntry,
  hasStatus,
  ofPartnerOnDays,
  ofPartners,
  ofPayout,
  ofSettlementsLike,
} from './criteria.ts'
import { ofPartnerWithStatus } from './rare-status.ts'
import { ofRow } from './rows.ts'
import { discountPolicyEntry, feePolicyEntry, productEntry, productNameEntry, propertyEntry } from './search-entries.ts'

/** What a filter asks for. */
export type TransferSearch = {
  readonly criteria: readonly Criterion[]
  /** A part of a text, wherever it is. */
  readonly text?: Text
}

type Text = {
  /** Whether a transfer `t` has it, which must be looked at one by one. */
  readonly holds: Fragment
  /** What a transfer must have for that. */
  readonly among?: Fragment
  /** Those that are found by it as a whole, each by an index. */
  readonly exactly: readonly Criterion[]
}

/**
 * Which transfers a filter asks for; the row is called `t`. What is said of a partner is about the partner as it is now.
 * A deleted transfer is in no list. `rare` is the statuses of the filter, if few settlements have them.
 */
export const transferSearch = (
  sql: Sql,
  platform: Platform,
  filter: PlatformTransferFilterInput = {},
  rare?: Criterion,
): TransferSearch | Refusal<'INVALID_REQUEST'> => {
  const keyword = oneKeyword(PlatformTransferFilterInputKeyword, filter.keyword)
  if (keyword instanceof Refusal) return keyword
  const days = daysCondition(sql, filter)
  if (days instanceof Refusal) return days
  const { userDefinedProperty: property, partnerTags: tags, discountSharePolicyIds, additionalFeePolicyIds } = filter
  const text = textOf(sql, platform, keyword)
  const statusOfPartner =
    keyword.partnerId === undefined ? [] : ofPartnerWithStatus(sql, platform, keyword.partnerId, filter.statuses ?? [])
  const onDays =
    keyword.partnerId === undefined || filter.settlementDateRange === undefined
      ? []
      : [ofPartnerOnDays(sql, platform, keyword.partnerId, filter.settlementDateRange)]
  return {
    // The first that has streams is followed, so that those which find least come first.
    criteria: [
      ...onDays,
      ...statusOfPartner,
      ...(rare === undefined ? [] : [rare]),
      ...keywordCriteria(sql, platform, keyword),
      ...hasEntry(sql, property ? [propertyEntry(property.key, property.value)] : []),
      ...hasEntry(sql, (discountSharePolicyIds ?? []).map(discountPolicyEntry)),
      ...hasEntry(sql, (additionalFeePolicyIds ?? []).map(feePolicyEntry)),
      ...(tags?.length ? [ofPartners(sql, platform, sql`p.content -> 'tags' ?| ${[...tags]}::text[]`)] : []),
      ...anyOf(sql, 'contract_id', filter.contractIds),
      ...anyOf(sql, 'channel_key', filter.channelKeys),
      ...anyOf(sql, 'payment_method_type', filter.paymentMethodTypes),
      ...(rare === undefined && statusOfPartner.length === 0 ? hasStatus(sql, platform, filter.statuses) : []),
      ...anyOf(sql, 'type', filter.types),
      ...days,
    ],
    ...(text ? { text } : {}),
  }
}

/** PortOne takes one of the two ranges. A manual transfer starts on no day, so that the first never finds one. */
const daysCondition = (
  sql: Sql,
  { settlementStartDateRange: starts, settlementDateRange: settles }: PlatformTransferFilterInput,
): readonly Criterion[] | Refusal<'INVALID_REQUEST'> => {
  if (starts !== undefined && settles !== undefined)
    return refuse('INVALID_REQUEST', 'filter must not have both settlementStartDateRange and settlementDateRange.')
  return starts === undefined
    ? within(sql, 'settlementDateRange', sql`t.settlement_date`, settles)
    : within(sql, 'settlementStartDateRange', sql`t.settlement_start_date`, starts)
}

const within = (sql: Sql, name: string, column: Fragment, range: DateRange | undefined) => {
  if (range === undefined) return []
  if (range.from > range.until) return refuse('INVALID_REQUEST', `filter.${name}.from must not be after its until.`)
  return [{ holds: sql`${column} between ${range.from} and ${range.until}`, isOfDays: true }]
}

type Keyword = {
  readonly [Name in keyof PlatformTransferFilterInputKeyword]?: PlatformTransferFilterInputKeyword[Name]
}

const keywordCriteria = (sql: Sql, platform: Platform, keyword: Keyword): readonly Criterion[] => {
  const by = (text: string | undefined, criteria: (text: string) => readonly Criterion[]) =>
    text === undefined ? [] : criteria(text)
  const partnerText = (field: 'name' | 'memo') => (text: string) => [
    ofPartners(sql, platform, contains(sql, sql`p.content ->> ${field}::text`, text)),
  ]
  return [
    ...by(keyword.paymentId, (text) => [{ holds: sql`t.payment_id = ${text}` }]),
    ...by(keyword.transferId, (text) => [{ holds: sql`t.transfer_id = ${text}` }]),
    ...by(keyword.productId, (text) => hasEntry(sql, [productEntry(text)])),
    ...by(keyword.productName, (text) => hasEntry(sql, [productNameEntry(text)])),
    ...by(keyword.partnerId, (text) => anyOf(sql, 'partner_id', [text])),
    ...by(keyword.partnerName, partnerText('name')),
    ...by(keyword.partnerMemo, partnerText('memo')),
    ...by(keyword.partnerSettlementId, (text) => [ofSettlementsLike(sql, platform, text)]),
    ...by(keyword.payoutId, (text) => [ofPayout(sql, platform, text)]),
  ]
}

const textOf = (sql: Sql, platform: Platform, { all, transferMemo }: Keyword): Text | undefined => {
  if (all !== undefined) return anywhere(sql, platform, all)
  if (transferMemo === undefined) return undefined
  return { holds: contains(sql, sql`t.memo`, transferMemo), among: sql`t.memo is not null`, exactly: [] }
}

/** In any of the texts that the other keywords look at. */
const anywhere = (sql: Sql, platform: Platform, text: string): Text => {
  const ids = contains(sql, sql`concat_ws(chr(10), t.payment_id, t.transfer_id, t.memo)`, text)
  // What waits has the name of a settlement that is not there yet. Without the offset, PostgreSQL reads all settlements first.
  const settlement = sql`(${contains(sql, sql`t.partner_settlement_id`, text)} and exists (
    select from platform_partner_settlements s
    where ${ofRow(sql, platform, 's')} and s.partner_settlement_id = t.partner_settlement_id
    offset 0
  ))`
  // Of the entries those of products alone: every other one is a policy's id or a property, which no keyword looks at.
  const ofProducts = sql`exists (
    select from unnest(t.search) entry
    where entry like 'product%' and ${contains(sql, sql`substr(entry, strpos(entry, ':') + 1)`, text)}
  )`
  const partner = sql`(${contains(sql, sql`p.id`, text)} or ${contains(sql, sql`p.content ->> 'name'`, text)}
    or ${contains(sql, sql`p.content ->> 'memo'`, text)})`
  return {
    holds: sql`(${ids} or ${settlement} or ${ofProducts})`,
    exactly: [
      { holds: sql`t.transfer_id = ${text}` },
      { holds: sql`t.payment_id = ${text}` },
      ...hasEntry(sql, [productEntry(text), productNameEntry(text)]),
      ofPartners(sql, platform, partner),
      ofSettlementsLike(sql, platform, text),
      ofPayout(sql, platform, text),
    ],
  }
}
