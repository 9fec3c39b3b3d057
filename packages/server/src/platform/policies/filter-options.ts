import type { PlatformDiscountSharePolicyFilterOptions } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { ofPlatform, type Platform } from '../platform.ts'

/** The shares of partners that occur, in order. */
export const discountSharePolicyFilterOptions = async (
  sql: Sql,
  platform: Platform,
  isArchived = false,
): Promise<PlatformDiscountSharePolicyFilterOptions> => {
  const rows = await sql<{ rate: number }[]>`
    select distinct (content ->> 'partnerShareRate')::integer as rate from platform_entities
    where ${ofPlatform(sql, platform)} and kind = 'DISCOUNT_SHARE_POLICY' and is_archived = ${isArchived} order by rate`
  return { partnerShareRates: rows.map(({ rate }) => rate) }
}
