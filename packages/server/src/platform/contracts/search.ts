import type { PlatformContractFilterInput } from '@naru/contract'
import { PlatformContractFilterInputKeyword } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { contains, oneKeyword } from '../page.ts'

/** What contracts a filter asks for. */
export const contractSearch = (
  sql: Sql,
  filter: PlatformContractFilterInput = {},
): readonly Fragment[] | Refusal<'INVALID_REQUEST'> => {
  const keyword = oneKeyword(PlatformContractFilterInputKeyword, filter.keyword)
  if (keyword instanceof Refusal) return keyword
  const conditions: Fragment[] = []
  if (filter.platformFeePayers?.length)
    conditions.push(sql`e.content ->> 'platformFeeVatPayer' = any(${filter.platformFeePayers}::text[])`)
  if (filter.cycleTypes?.length)
    conditions.push(sql`e.content -> 'settlementCycle' -> 'method' ->> 'type' = any(${filter.cycleTypes}::text[])`)
  if (filter.datePolicies?.length)
    conditions.push(sql`e.content -> 'settlementCycle' ->> 'datePolicy' = any(${filter.datePolicies}::text[])`)
  if (keyword.id !== undefined) conditions.push(contains(sql, sql`e.id`, keyword.id))
  if (keyword.name !== undefined) conditions.push(contains(sql, sql`e.content ->> 'name'`, keyword.name))
  return conditions
}
