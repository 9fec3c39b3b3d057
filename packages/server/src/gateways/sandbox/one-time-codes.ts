import type { Sql } from '../../db/connect.ts'
import { inTime, ownStore } from '../../db/epoch.ts'
import { minute } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import type { GatewayContext } from '../port/terms.ts'
import type { Challenge } from '../port/window.ts'

/** What every code of the sandbox reads, so that tests know it. What it is good for the books say. */
export const rightCode = '000000'

/** How long a code is good, by the store's clock. Carriers give three to ten minutes. */
export const codeLifetime = 5 * minute

/** A code is six digits: whoever may try often enough finds it. As often as the API allows; PortOne leaves it to the PGs. */
export const maximumCodes = 3

/** The attempt that a code is for. Without a reference a test agrees on the shopper's behalf, who knows the code. */
export type CodeOwner = Pick<GatewayContext, 'storeId'> & Partial<Pick<GatewayContext, 'reference'>>

/** What a shopper shows, and with what code. */
export type CodeGiven = {
  /** Whom the code goes to and what they agree to, without secrets. */
  readonly shown: object
  readonly otp: string | undefined
  /** The scenario takes no code. */
  readonly isRefused: boolean
}

/** `codeId` is the same however often the code comes: what is made of it is made once. */
export type CodeAccepted = { readonly kind: 'accepted'; readonly codeId: string }

export const codeNotNeeded = (): CodeAccepted => ({ kind: 'accepted', codeId: randomToken() })

/**
 * Whether the shopper has the code that was sent for this attempt. Without one it is sent; with one that was sent for anything else
 * shown, or too long ago, another is sent. A new code replaces the one before it.
 *
 * - Twice at once: the row says which code it was, and both get its id.
 * - A crash after it was accepted: it is accepted again, under the same id.
 */
export const askForCode = async (sql: Sql, owner: CodeOwner, given: CodeGiven): Promise<CodeAccepted | Challenge> => {
  const { storeId, reference } = owner
  if (reference === undefined) return codeNotNeeded()
  const key = { storeId, reference }
  if (given.otp === undefined) return await send(sql, key, given)
  const isRight = given.otp === rightCode && !given.isRefused
  const tried = await tryCode(sql, key, given, isRight)
  if (tried && isRight) return { kind: 'accepted', codeId: tried.codeId }
  if (tried) return { kind: 'challenged', problem: tried.wrongTries < maximumCodes ? 'WRONG' : 'TOO_MANY' }
  const [known] = await sql<{ isSame: boolean }[]>`
    select shown = ${JSON.stringify(given.shown)}::text::jsonb as "isSame" from sandbox_codes
    where store_id = ${storeId} and reference = ${reference}`
  const sent = await send(sql, key, given)
  if (!known || sent.problem) return sent
  return { kind: 'challenged', problem: known.isSame ? 'EXPIRED' : 'SENT_ANEW' }
}

type CodeKey = Pick<GatewayContext, 'storeId' | 'reference'>

/** Counts a wrong code while it is looked at. Nothing where no such code is good. */
const tryCode = async (sql: Sql, { storeId, reference }: CodeKey, { shown }: CodeGiven, isRight: boolean) => {
  const [tried] = await sql<{ codeId: string; wrongTries: number }[]>`
    update sandbox_codes c set wrong_tries = c.wrong_tries + ${isRight ? 0 : 1}::integer
    from stores s
    where ${inTime(sql, storeId, undefined)} and s.store_id = ${storeId} and c.store_id = ${storeId}
      and c.reference = ${reference} and c.shown = ${JSON.stringify(shown)}::text::jsonb
      and c.wrong_tries < ${maximumCodes}
      and c.sent_at + ${codeLifetime} * interval '1 millisecond' > ${storeNow(sql)}
    returning c.code_id as "codeId", c.wrong_tries as "wrongTries"`
  return tried
}

const send = async (sql: Sql, { storeId, reference }: CodeKey, { shown }: CodeGiven): Promise<Challenge> => {
  const sent = await sql`
    insert into sandbox_codes as known (store_id, reference, code_id, shown, sent_at)
    select ${ownStore(sql, storeId)}, ${reference}, ${randomToken()}, ${JSON.stringify(shown)}::text::jsonb, ${storeNow(sql)}
    from stores s where s.store_id = ${storeId}
    on conflict (store_id, reference)
      do update set code_id = excluded.code_id, shown = excluded.shown, sent_at = excluded.sent_at
      where known.wrong_tries < ${maximumCodes}`
  return { kind: 'challenged', problem: sent.count === 1 ? undefined : 'TOO_MANY' }
}

/** By the clock of the store `s`, as it is now: a server may have stood still since it read it. */
const storeNow = (sql: Sql) =>
  sql`coalesce(s.clock_stopped_at, clock_timestamp() + s.clock_offset * interval '1 millisecond')`
