import type { PlatformBusinessStatus } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { day, type Instant } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import { inEpoch, ofPlatform, type Platform } from '../platform.ts'

/** What a look-up found, kept so that a partner can be given it without asking again. */
export type Verified = {
  readonly ACCOUNT: { readonly bank: string; readonly number: string; readonly holder: string }
  readonly COMPANY: { readonly businessRegistrationNumber: string; readonly businessStatus: PlatformBusinessStatus }
}

export type Verification<Kind extends keyof Verified> = {
  readonly id: string
  readonly subject: Verified[Kind]
  readonly isUsed: boolean
}

/** How long one is good. PortOne does not say. */
const lifetime = day

/** Keeps what was found. Old ones of the platform are cleared away on the occasion. */
export const keepVerification = async <Kind extends keyof Verified>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  subject: Verified[Kind],
  now: Instant,
): Promise<string> => {
  const { merchantId, isForTest } = platform
  const id = randomToken(24)
  await sql`
    with cleared as (
      delete from platform_verifications
      where ${inEpoch(sql, platform)} and ${ofPlatform(sql, platform)} and verification_id = any(array(
        select verification_id from platform_verifications
        where ${ofPlatform(sql, platform)} and created_at < ${now - 2 * lifetime}::timestamptz limit 100
      ))
    )
    insert into platform_verifications (merchant_id, is_for_test, verification_id, kind, subject, created_at)
    select ${merchantId}, ${isForTest}::boolean, ${id}, ${kind}, ${JSON.stringify(subject)}::text::jsonb, ${now}::timestamptz
    where ${inEpoch(sql, platform)}`
  return id
}

/** Those of the ids that there are and that are not too old, used or not. */
export const findVerifications = async <Kind extends keyof Verified>(
  sql: Sql,
  platform: Platform,
  kind: Kind,
  ids: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, Verification<Kind>>> => {
  if (ids.length === 0) return new Map()
  const rows = await sql<Verification<Kind>[]>`
    select verification_id as id, subject, used_at is not null as "isUsed" from platform_verifications
    where ${ofPlatform(sql, platform)} and verification_id = any(${[...ids]}::text[]) and kind = ${kind}
      and created_at > ${now - lifetime}::timestamptz`
  return new Map(rows.map((row) => [row.id, row]))
}
