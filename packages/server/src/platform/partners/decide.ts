import type { DecideAdminPartnersBody } from '@naru/contract'
import type { Fragment } from 'postgres'
import type { Sql } from '../../db/connect.ts'
import { refuse } from '../../kernel/refusal.ts'
import { isAmong } from '../among.ts'
import { versionOf } from '../entities/store.ts'
import { fewOf } from '../few.ts'
import { ofPlatform, type PlatformRequest } from '../platform.ts'

/**
 * Approves or rejects partners: all of them, or none where one is unknown or archived. A decision is a version of the
 * partner, as any change is. Returns how many were something else before.
 */
export const decidePartners = async (
  sql: Sql,
  { platform, now }: PlatformRequest,
  { partnerIds, status }: DecideAdminPartnersBody,
) => {
  const wanted = [...new Set(partnerIds)]
  const isWanted = (id: Fragment) =>
    sql`${id} = any(${wanted}::text[]) and ${isAmong(sql, id, sql`select unnest(${wanted}::text[])`)}`
  const [row] = await sql<[{ known: string[]; changed: number }]>`
    with locked as materialized (
      select id from platform_entities
      where ${ofPlatform(sql, platform)} and kind = 'PARTNER' and ${isWanted(sql`id`)} and not is_archived
      order by id for update
    ), written as (
      update platform_entities e set version = e.version + 1, applied_at = ${now}::timestamptz,
        content = jsonb_set(e.content, '{status}', to_jsonb(${status}::text))
      where e.merchant_id = ${platform.merchantId} and e.is_for_test = ${platform.isForTest} and e.kind = 'PARTNER'
        and ${isWanted(sql`e.id`)} and e.content ->> 'status' <> ${status} and (select count(*) from locked) = ${wanted.length}
      returning e.*
    ), ${versionOf(sql)}
    select (select coalesce(array_agg(id), '{}') from locked) as known, (select count(*) from written) as changed`
  const known = new Set(row.known)
  const unknown = wanted.filter((id) => !known.has(id))
  return unknown.length > 0
    ? refuse(
        'INVALID_REQUEST',
        `partnerIds names partners who are unknown or archived: ${fewOf(unknown)}. Nobody was changed. Leave them out, or recover who is archived: GET /platform/partners lists which there are, with filter.isArchived the archived ones.`,
      )
    : { changed: row.changed }
}
