import type { PlatformAdditionalFeePolicyFilterInput, PlatformDiscountSharePolicyFilterInput } from '@naru/contract'
import {
  PlatformAdditionalFeePolicyFilterInputKeyword,
  PlatformDiscountSharePolicyFilterInputKeyword,
} from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Search } from '../entities/list.ts'
import { contains, oneKeyword } from '../page.ts'

/** What additional-fee policies a filter asks for. */
export const additionalFeePolicySearch = (sql: Sql, filter: PlatformAdditionalFeePolicyFilterInput = {}): Search => {
  const keyword = oneKeyword(PlatformAdditionalFeePolicyFilterInputKeyword, filter.keyword)
  if (keyword instanceof Refusal) return keyword
  const conditions: Fragment[] = []
  if (filter.vatPayers?.length) conditions.push(sql`e.content ->> 'vatPayer' = any(${filter.vatPayers}::text[])`)
  if (keyword.id !== undefined) conditions.push(contains(sql, sql`e.id`, keyword.id))
  if (keyword.name !== undefined) conditions.push(contains(sql, sql`e.content ->> 'name'`, keyword.name))
  if (keyword.fee !== undefined)
    conditions.push(sql`coalesce(e.content -> 'fee' ->> 'rate', e.content -> 'fee' ->> 'amount') = ${keyword.fee}`)
  return conditions
}

/** What discount-share policies a filter asks for. */
export const discountSharePolicySearch = (sql: Sql, filter: PlatformDiscountSharePolicyFilterInput = {}): Search => {
  const keyword = oneKeyword(PlatformDiscountSharePolicyFilterInputKeyword, filter.keyword)
  if (keyword instanceof Refusal) return keyword
  const conditions: Fragment[] = []
  if (filter.partnerShareRates?.length)
    conditions.push(sql`(e.content ->> 'partnerShareRate')::integer = any(${filter.partnerShareRates}::integer[])`)
  if (keyword.id !== undefined) conditions.push(contains(sql, sql`e.id`, keyword.id))
  if (keyword.name !== undefined) conditions.push(contains(sql, sql`e.content ->> 'name'`, keyword.name))
  return conditions
}
