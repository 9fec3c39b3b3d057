import type { Sql } from '../db/connect.ts'
import { earlierResult, once, onceAsAWhole } from '../db/lease.ts'
import { isDeadlock } from '../db/overtaken.ts'
import { canonical } from '../kernel/canonical.ts'
import { Refusal } from '../kernel/refusal.ts'
import { again, inRounds } from '../kernel/rounds.ts'
import type { Principal } from '../merchants/principal.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { type Account, OrderedMeanwhile, readAccount } from '../platform/payouts/spending.ts'
import { holdEpoch, type PlatformAccess, type PlatformRequest, platformOf } from '../platform/platform.ts'

/** What every call of partner settlement has. */
export type PlatformCall = {
  readonly principal: Principal
  readonly query: { readonly test?: boolean }
  readonly body?: unknown
  readonly caller: { readonly requestKey?: string }
}

type NoPlatform = Refusal<'FORBIDDEN' | 'PLATFORM_NOT_ENABLED'>

/**
 * Finds the platform that a call is about, and handles the call there. `flagOf` reads the flag that some calls have in
 * their body instead of the query.
 */
export const onPlatform =
  <Call extends PlatformCall, Answer>(
    parts: PlatformAccess,
    handle: (request: PlatformRequest, call: Call) => Promise<Answer>,
    flagOf: (call: Call) => boolean | undefined = () => undefined,
  ) =>
  async (call: Call): Promise<Answer | NoPlatform> => {
    const request = await platformOf(parts, call.principal, call.query.test, flagOf(call))
    return request instanceof Refusal ? request : await handle({ ...request, name: nameOf(call) }, call)
  }

/**
 * As `onPlatform`, for a call that changes something: a retry after a crash gets the first one's answer and changes nothing.
 * `handle` is to use the parts that it is given, which write in one transaction where the call carries an Idempotency-Key, or
 * the store may be reset meanwhile; whom it wakes is woken once that is committed.
 */
export const changingPlatform = <Parts extends PlatformParts, Call extends PlatformCall, Answer>(
  parts: Parts,
  handle: (parts: Parts, request: PlatformRequest, call: Call) => Promise<Answer>,
  flagOf?: (call: Call) => boolean | undefined,
) =>
  onPlatform(
    parts,
    async (request, call: Call) => {
      let wakes = false
      const wake = () => {
        wakes = true
      }
      const { epoch } = request.platform
      const step = epoch === undefined ? once : onceAsAWhole
      const answer = await step(parts.sql, 'changed', async (sql) => {
        await holdEpoch(sql, request.platform)
        return handle({ ...parts, sql, wake }, request, call)
      })
      if (wakes) parts.wake()
      return answer
    },
    flagOf,
  )

/**
 * As `changingPlatform`, for a call that orders money from the account: all in one transaction, with or without an
 * Idempotency-Key. Whatever banks have to say is asked before it, here and in `prepare`: within it, locks would be held until
 * they answer. Where somebody else orders from the account meanwhile, everything is asked and decided again.
 */
export const spendingPlatform = <Parts extends PlatformParts, Call extends PlatformCall, Prepared, Answer>(
  parts: Parts,
  prepare: (request: PlatformRequest, call: Call) => Promise<Prepared>,
  handle: (parts: Parts, request: PlatformRequest, call: Call, account: Account, prepared: Prepared) => Promise<Answer>,
) =>
  onPlatform(parts, async (request, call: Call) => {
    const known = earlierResult<Answer>('changed')
    if (known !== undefined) return known
    return await inRounds<Answer | Refusal<'INVALID_REQUEST'>>('an order from the account', async () => {
      const prepared = await prepare(request, call)
      // One after the other: of sixty at once each would have made all others read and decide again, for forty seconds.
      return await parts.queue.run(accountOf(request), () =>
        orderOnce(parts, request, (parts, account) => handle(parts, request, call, account, prepared)),
      )
    })
  })

const accountOf = ({ platform: { merchantId, isForTest } }: PlatformRequest): string =>
  JSON.stringify(['account', merchantId, isForTest])

const orderOnce = async <Parts extends PlatformParts, Answer>(
  parts: Parts,
  { platform }: PlatformRequest,
  order: (parts: Parts, account: Account) => Promise<Answer>,
): Promise<Answer | Refusal<'INVALID_REQUEST'> | typeof again> => {
  const account = await readAccount(parts, platform)
  if (account instanceof Refusal) return account
  let wakes = false
  const wake = () => {
    wakes = true
  }
  try {
    const inTransaction = (sql: Sql) =>
      sql.begin(async (sql) => {
        await holdEpoch(sql, platform)
        return await order({ ...parts, sql, wake }, account)
      })
    const answer = await once(parts.sql, 'changed', inTransaction)
    if (wakes) parts.wake()
    return answer
  } catch (error) {
    if (error instanceof OrderedMeanwhile || isDeadlock(error)) return again
    throw error
  }
}

/**
 * Names a request across retries. With its body: a key is forgotten after some hours, and may be used for another request then,
 * which must not be taken for this one.
 */
const nameOf = ({ caller: { requestKey }, body }: PlatformCall): string | undefined =>
  requestKey === undefined ? undefined : `${requestKey} ${canonical(body ?? null)}`
