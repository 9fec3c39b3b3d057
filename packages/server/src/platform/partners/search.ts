import { type PlatformPartnerFilterInput, PlatformPartnerFilterInputKeyword } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { contains, oneKeyword } from '../page.ts'

/** Which partners a filter asks for, besides whether they are archived. */
export const partnerSearch = (
  sql: Sql,
  filter: PlatformPartnerFilterInput = {},
): readonly Fragment[] | Refusal<'INVALID_REQUEST'> => {
  const keyword = oneKeyword(PlatformPartnerFilterInputKeyword, filter.keyword)
  if (keyword instanceof Refusal) return keyword
  const isOneOf = (text: Fragment, values: readonly string[] | undefined): Fragment[] =>
    values?.length ? [sql`${text} = any(${[...values]}::text[])`] : []
  return [
    ...(filter.tags?.length ? [sql`e.content -> 'tags' ?| ${filter.tags}::text[]`] : []),
    ...isOneOf(sql`e.content -> 'account' ->> 'bank'`, filter.banks),
    ...isOneOf(sql`e.content -> 'account' ->> 'currency'`, filter.accountCurrencies),
    ...isOneOf(sql`e.content -> 'account' ->> 'status'`, filter.accountStatuses),
    ...isOneOf(sql`e.id`, filter.ids),
    ...isOneOf(sql`e.content ->> 'defaultContractId'`, filter.contractIds),
    ...isOneOf(sql`e.content -> 'type' ->> 'businessStatus'`, filter.businessStatuses),
    ...isOneOf(sql`e.content -> 'type' ->> 'type'`, filter.types),
    ...isOneOf(sql`e.content -> 'type' ->> 'taxationType'`, filter.taxationTypes),
    ...(filter.memberCompanyConnectionStatuses?.length ? [sql`e.content -> 'type' ->> 'type' = 'BUSINESS'`] : []),
    ...isOneOf(sql`e.connection_status`, filter.memberCompanyConnectionStatuses),
    ...keywordConditions(sql, keyword),
  ]
}

const keywordConditions = (sql: Sql, keyword: PlatformPartnerFilterInputKeyword): readonly Fragment[] => {
  const columns: readonly (readonly [string | undefined, Fragment])[] = [
    [keyword.id, sql`e.id`],
    [keyword.name, sql`e.content ->> 'name'`],
    [keyword.email, sql`e.content -> 'contact' ->> 'email'`],
    [keyword.businessRegistrationNumber, sql`e.content -> 'type' ->> 'businessRegistrationNumber'`],
    [keyword.defaultContractId, sql`e.content ->> 'defaultContractId'`],
    [keyword.memo, sql`e.content ->> 'memo'`],
    [keyword.accountNumber, sql`e.content -> 'account' ->> 'number'`],
    [keyword.accountHolder, sql`e.content -> 'account' ->> 'holder'`],
  ]
  return columns.flatMap(([part, text]) => (part === undefined ? [] : [contains(sql, text, part)]))
}
