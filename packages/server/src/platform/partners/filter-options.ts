import type { PlatformPartnerFilterOptions } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { isAmong } from '../among.ts'
import { ofPlatform, type Platform } from '../platform.ts'

/** What the partners can be filtered by: the tags and default contracts that occur, in order. */
export const partnerFilterOptions = async (
  sql: Sql,
  platform: Platform,
  isArchived = false,
): Promise<PlatformPartnerFilterOptions> => {
  const contractIds = sql`
    select e.content ->> 'defaultContractId' from platform_entities e
    where ${ofPlatform(sql, platform)} and e.kind = 'PARTNER' and e.is_archived = ${isArchived}`
  const [tags, contracts] = await Promise.all([
    sql<{ tag: string }[]>`
      select distinct t.tag from platform_entities e cross join jsonb_array_elements_text(e.content -> 'tags') as t (tag)
      where ${ofPlatform(sql, platform)} and kind = 'PARTNER' and is_archived = ${isArchived} order by t.tag`,
    sql<{ id: string; name: string }[]>`
      select c.id, c.content ->> 'name' as name from platform_entities c
      where ${ofPlatform(sql, platform)} and c.kind = 'CONTRACT' and ${isAmong(sql, sql`c.id`, contractIds)}
      order by c.id`,
  ])
  return { tags: tags.map(({ tag }) => tag), contractSummary: [...contracts] }
}
