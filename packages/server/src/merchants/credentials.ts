import type { Sql } from '../db/connect.ts'
import { type Instant, type StoreClock, storeTime } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { ExpiringCache } from './expiring-cache.ts'
import { isStoreOfSecret, opensLiveStore, timeOfSecret } from './secret-clock.ts'

/** A valid API secret, and who it belongs to. */
export type Credential = {
  readonly merchantId: string
  readonly secretId: string
  /** Its own store; the representative one for a secret of the whole merchant. */
  readonly storeId: string
  readonly scope: 'MERCHANT' | 'STORE'
  /** Whether it opens a live store. */
  readonly isLive: boolean
  /** The clock by which tokens and the secret itself expire: the store's, or real time where it is live. May be a second old. */
  readonly clock: StoreClock
}

/** Finds API secrets. Answers may be a second old, except for changes that were made through this process. */
export type CredentialDirectory = {
  bySecret(secret: string): Promise<Credential | undefined>
  /** For access tokens, which name the secret that they were issued to. */
  byId(merchantId: string, secretId: string): Promise<Credential | undefined>
  /** Makes `next` the only valid refresh token of the secret. */
  startRefreshing(credential: Credential, next: string): Promise<void>
  /**
   * Replaces the refresh token `tokenId` with a new one, if it is still the valid one and `expiresAt` has not passed on the
   * secret's clock; returns the new one's id. One statement decides, so of any number of requests with one token exactly
   * one gets an answer.
   *
   * A replaced token that is used again has leaked, and it is unknown who holds the newer one, so that is revoked too (RFC
   * 9700, 4.14.2). A token that another login superseded ends nothing.
   */
  continueRefreshing(token: RefreshToken): Promise<{ credential: Credential; refreshId: string } | undefined>
  /** To be called after every change to secrets and to the clocks of stores. */
  forget(): void
}

export type RefreshToken = {
  readonly merchantId: string
  readonly secretId: string
  readonly tokenId: string
  /** Whether its secret opened a live store when it was issued. */
  readonly isLive: boolean
  readonly expiresAt: Instant
}

/**
 * Whether a token says of what time its expiry is. One that was issued by a sandbox store's clock is good for no live store: where that
 * ran ahead, the token would outlive its time by as much. `continueRefreshing` asks the same.
 */
export const isOfItsClock = ({ isLive }: Credential, token: Pick<RefreshToken, 'isLive'>): boolean =>
  token.isLive || !isLive

/** The login that a refresh token descends from: the id of its first token, with which those of the others begin. */
const familyOf = (refreshId: string): string => refreshId.split('.')[0] ?? refreshId

type CredentialRow = Pick<Credential, 'merchantId' | 'secretId' | 'storeId' | 'isLive'> & {
  readonly isOfStore: boolean
  readonly secretDigest: string
  readonly expiresAt: Instant | null
  readonly revokedAt: Instant | null
  readonly clockOffset: number
  readonly clockStoppedAt: Instant | null
}

export const credentialDirectory = (sql: Sql): CredentialDirectory => {
  const bySecret = new ExpiringCache<CredentialRow | undefined>()
  const byId = new ExpiringCache<CredentialRow | undefined>()
  const columns = sql`
    a.merchant_id as "merchantId", a.secret_id as "secretId", s.store_id as "storeId",
    a.store_id is not null as "isOfStore", encode(a.secret_digest, 'hex') as "secretDigest", a.expires_at as "expiresAt",
    a.revoked_at as "revokedAt", s.clock_offset as "clockOffset", s.clock_stopped_at as "clockStoppedAt",
    ${opensLiveStore(sql)} as "isLive"`
  const ownStore = isStoreOfSecret(sql)
  return {
    bySecret: async (secret) => {
      // As text: each request does this, and with buffers, compared in constant time, it took five times as long. Whoever can
      // measure how far two digests agree learns nothing of the secret, and the row was looked up by its digest anyway.
      const digest = digestOf(secret)
      const row = await bySecret.get(digest, async () => {
        const [found] = await sql<CredentialRow[]>`
          select ${columns} from api_secrets a join stores s on ${ownStore}
          where a.secret_digest = ${Buffer.from(digest, 'hex')}
          order by a.revoked_at is not null, a.created_at limit 1`
        return found
      })
      return row?.secretDigest === digest ? goodNow(row) : undefined
    },
    byId: async (merchantId, secretId) => {
      const row = await byId.get(JSON.stringify([merchantId, secretId]), async () => {
        const [found] = await sql<CredentialRow[]>`
          select ${columns} from api_secrets a join stores s on ${ownStore}
          where a.merchant_id = ${merchantId} and a.secret_id = ${secretId}`
        return found
      })
      return row === undefined ? undefined : goodNow(row)
    },
    startRefreshing: async ({ merchantId, secretId }, next) => {
      await sql`update api_secrets set refresh_id = ${next} where merchant_id = ${merchantId} and secret_id = ${secretId}`
    },
    continueRefreshing: async ({ merchantId, secretId, tokenId, isLive, expiresAt }) => {
      const refreshId = `${familyOf(tokenId)}.${timeOrderedId()}`
      const [row] = await sql<CredentialRow[]>`
        update api_secrets a set refresh_id = ${refreshId}
        from stores s
        where ${ownStore} and a.merchant_id = ${merchantId} and a.secret_id = ${secretId} and a.refresh_id = ${tokenId}
          and a.revoked_at is null
          and ${timeOfSecret(sql)} < least(${expiresAt}::timestamptz, a.expires_at)
          and (${isLive} or not ${opensLiveStore(sql)})
        returning ${columns}`
      const credential = row && goodNow(row)
      if (credential) return { credential, refreshId }
      await sql`
        update api_secrets set refresh_id = null
        where merchant_id = ${merchantId} and secret_id = ${secretId} and refresh_id <> ${tokenId}
          and split_part(refresh_id, '.', 1) = ${familyOf(tokenId)}`
      return undefined
    },
    forget: () => {
      bySecret.clear()
      byId.clear()
    },
  }
}

/** Checked on every request, since a cached secret may expire. */
const goodNow = (row: CredentialRow): Credential | undefined => {
  const clock = row.isLive ? { offset: 0, stoppedAt: null } : { offset: row.clockOffset, stoppedAt: row.clockStoppedAt }
  if (row.revokedAt !== null) return undefined
  if (row.expiresAt !== null && row.expiresAt <= storeTime(clock)) return undefined
  const { merchantId, secretId, storeId, isOfStore, isLive } = row
  return { merchantId, secretId, storeId, scope: isOfStore ? 'STORE' : 'MERCHANT', isLive, clock }
}
