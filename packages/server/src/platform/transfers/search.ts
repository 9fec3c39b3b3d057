import type {
  DateRange,
  PlatformTransferFilterInput,
  PlatformTransferFilterInputKeyword,
  PlatformTransferStatus,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import { contains, oneKeyword, oneOf } from '../page.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import { ofRow } from './rows.ts'
import { discountPolicyEntry, feePolicyEntry, productEntry, productNameEntry, propertyEntry } from './search-entries.ts'
import { settlementStatusesOf } from './status.ts'

/**
 * Which transfers a filter asks for; the row is called `t`. What is said of a partner is about the partner as it is now.
 * A deleted transfer is in no list.
 */
export const transferSearch = (
  sql: Sql,
  platform: Platform,
  filter: PlatformTransferFilterInput = {},
): readonly Fragment[] | Refusal<'INVALID_REQUEST'> => {
  const keyword = oneKeyword(filter.keyword)
  if (keyword instanceof Refusal) return keyword
  const days = daysCondition(sql, filter)
  if (days instanceof Refusal) return days
  const hasOneOf = (entry: (value: string) => string, values: readonly string[] | undefined): Fragment[] =>
    values?.length ? [sql`t.search && ${values.map(entry)}::text[]`] : []
  const { userDefinedProperty: property, partnerTags: tags } = filter
  return [
    sql`t.deleted_at is null`,
    ...days,
    ...(tags?.length ? [ofPartners(sql, platform, sql`p.content -> 'tags' ?| ${tags}::text[]`)] : []),
    ...oneOf(sql, sql`t.contract_id`, filter.contractIds),
    ...hasOneOf(discountPolicyEntry, filter.discountSharePolicyIds),
    ...hasOneOf(feePolicyEntry, filter.additionalFeePolicyIds),
    ...oneOf(sql, sql`t.payment_method_type`, filter.paymentMethodTypes),
    ...oneOf(sql, sql`t.channel_key`, filter.channelKeys),
    ...oneOf(sql, sql`t.type`, filter.types),
    ...(filter.statuses?.length ? [hasStatus(sql, platform, filter.statuses)] : []),
    ...hasOneOf((key) => propertyEntry(key, property?.value ?? ''), property && [property.key]),
    ...keywordConditions(sql, platform, keyword),
  ]
}

/** Whether what the filter finds lies anywhere in the order, instead of in an index that has this order. */
export const isScattered = (filter: PlatformTransferFilterInput = {}): boolean => {
  const { paymentId, transferId, partnerId, ...texts } = filter.keyword ?? {}
  return (
    Object.keys(texts).length > 0 ||
    filter.userDefinedProperty !== undefined ||
    [filter.partnerTags, filter.discountSharePolicyIds, filter.additionalFeePolicyIds, filter.paymentMethodTypes].some(
      (values) => values !== undefined && values.length > 0,
    )
  )
}

/** PortOne takes one of the two ranges. A manual transfer starts on no day, so that the first never finds one. */
const daysCondition = (
  sql: Sql,
  { settlementStartDateRange: starts, settlementDateRange: settles }: PlatformTransferFilterInput,
): readonly Fragment[] | Refusal<'INVALID_REQUEST'> => {
  if (starts !== undefined && settles !== undefined)
    return refuse('INVALID_REQUEST', 'filter must not have both settlementStartDateRange and settlementDateRange.')
  return starts === undefined
    ? within(sql, 'settlementDateRange', sql`t.settlement_date`, settles)
    : within(sql, 'settlementStartDateRange', sql`t.settlement_start_date`, starts)
}

const within = (sql: Sql, name: string, column: Fragment, range: DateRange | undefined) => {
  if (range === undefined) return []
  if (range.from > range.until) return refuse('INVALID_REQUEST', `filter.${name}.from must not be after its until.`)
  return [sql`${column} between ${range.from} and ${range.until}`]
}

/** Transfers of the partners that meet the condition; their row is called `p`. */
const ofPartners = (sql: Sql, platform: Platform, condition: Fragment): Fragment => sql`
  t.partner_id in (
    select p.id from platform_entities p where ${ofPlatform(sql, platform)} and p.kind = 'PARTNER' and ${condition}
  )`

/** Settled transfers have the status of their settlement. */
const hasStatus = (sql: Sql, platform: Platform, statuses: readonly PlatformTransferStatus[]): Fragment => sql`(
  (t.status <> 'SETTLED' and t.status = any(${[...statuses]}::text[]))
  or (t.status = 'SETTLED' and exists (
    select from platform_partner_settlements s
    where ${ofRow(sql, platform, 's')} and s.partner_settlement_id = t.partner_settlement_id
      and s.status = any(${[...settlementStatusesOf(statuses)]}::text[])
  )))`

const ofPayouts = (sql: Sql, platform: Platform, condition: Fragment): Fragment => sql`
  t.partner_settlement_id in (
    select s.partner_settlement_id from platform_partner_settlements s where ${ofPlatform(sql, platform)} and ${condition}
  )`

const keywordConditions = (
  sql: Sql,
  platform: Platform,
  keyword: PlatformTransferFilterInputKeyword,
): readonly Fragment[] => {
  const conditionOf: {
    readonly [Name in keyof Required<PlatformTransferFilterInputKeyword>]: (text: string) => Fragment
  } = {
    all: (text) => anywhere(sql, platform, text),
    paymentId: (text) => sql`t.payment_id = ${text}`,
    transferId: (text) => sql`t.transfer_id = ${text}`,
    transferMemo: (text) => contains(sql, sql`t.memo`, text),
    productId: (text) => sql`t.search @> ${[productEntry(text)]}::text[]`,
    productName: (text) => sql`t.search @> ${[productNameEntry(text)]}::text[]`,
    partnerId: (text) => sql`t.partner_id = ${text}`,
    partnerName: (text) => ofPartners(sql, platform, contains(sql, sql`p.content ->> 'name'`, text)),
    partnerMemo: (text) => ofPartners(sql, platform, contains(sql, sql`p.content ->> 'memo'`, text)),
    partnerSettlementId: (text) => contains(sql, sql`t.partner_settlement_id`, text),
    payoutId: (text) => ofPayouts(sql, platform, sql`s.payout_id = ${text}`),
  }
  return keywordNames.flatMap((name) => {
    const text = keyword[name]
    return text === undefined ? [] : [conditionOf[name](text)]
  })
}

const keywordNames = [
  'all',
  'paymentId',
  'transferId',
  'transferMemo',
  'productId',
  'productName',
  'partnerId',
  'partnerName',
  'partnerMemo',
  'partnerSettlementId',
  'payoutId',
] as const satisfies readonly (keyof PlatformTransferFilterInputKeyword)[]

/** In any of the texts that the other keywords look at. */
const anywhere = (sql: Sql, platform: Platform, text: string): Fragment => {
  const ids = contains(sql, sql`concat_ws(chr(10), t.payment_id, t.transfer_id, t.memo, t.partner_settlement_id)`, text)
  // Of the entries those of products alone: every other one is a policy's id or a property, which no keyword looks at.
  const ofProducts = sql`exists (
    select from unnest(t.search) entry
    where entry like 'product%' and ${contains(sql, sql`substr(entry, strpos(entry, ':') + 1)`, text)}
  )`
  const partner = sql`(${contains(sql, sql`p.id`, text)} or ${contains(sql, sql`p.content ->> 'name'`, text)}
    or ${contains(sql, sql`p.content ->> 'memo'`, text)})`
  return sql`(
    ${ids} or ${ofProducts} or ${ofPartners(sql, platform, partner)}
    or ${ofPayouts(sql, platform, contains(sql, sql`s.payout_id`, text))}
  )`
}
