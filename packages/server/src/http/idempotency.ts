import { createHmac } from 'node:crypto'
import type { Sql } from '../db/connect.ts'
import { canonical } from '../kernel/canonical.ts'
import { hour, type Instant, realTime, second } from '../kernel/clock.ts'
import { digestOf } from '../kernel/digest.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { type Steps, underLease } from '../kernel/work.ts'
import type { Principal } from '../merchants/principal.ts'
import {
  type Claim,
  claimRequest,
  type RequestName,
  releaseClaim,
  renewClaim,
  type SealedAnswer,
  storeAnswer,
  sweepExpired,
  type Taken,
} from './idempotency-store.ts'

/** An answer as it goes over the wire. */
export type StoredAnswer = { readonly status: number; readonly body: string }

/** A request that carries a key. */
export type KeyedRequest = {
  /**
   * The authority under which the request is answered. A key identifies a request of this authority only: another
   * credential may not see its answer.
   */
  readonly authority: Pick<Principal, 'merchantId' | 'scope' | 'storeId'>
  readonly key: string
  /** The store that the request is about. */
  readonly storeId: string
  /** What must be equal for two requests to be the same: method, decoded path, query and body. */
  readonly content: unknown
}

export type Idempotency = {
  /** Runs `work` once per key, however many requests carry it and however many servers they reach. */
  once<Answer extends KeyedAnswer>(
    request: KeyedRequest,
    work: (requestKey: string) => Promise<Answer>,
  ): Promise<IdempotentAnswer<Answer>>
  /** Deletes answers whose retention has passed. */
  sweep(): Promise<void>
}

/** `isFinal`: whether to store the answer. Otherwise the next request with the key tries again. */
export type KeyedAnswer = StoredAnswer & { readonly isFinal: boolean }

export type IdempotentAnswer<Answer extends KeyedAnswer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'replayed'; readonly answer: StoredAnswer }
  | Taken

/** In milliseconds: how long a dead server keeps a key. A live one renews its lease in time. */
const lease = 10 * second

/**
 * PortOne keeps answers for three hours. This is real time, whatever a store's clock shows: retries come in real time, and
 * advancing a sandbox's clock must not make a retry charge twice.
 */
const retention = 3 * hour

export type IdempotencyOptions = { readonly lease?: number; readonly onError?: (error: unknown) => void }

export const createIdempotency = (sql: Sql, encryption: Encryption, options: IdempotencyOptions = {}): Idempotency => {
  const { onError = () => {} } = options
  const leaseLength = options.lease ?? lease
  // A keyed digest: bodies may hold card numbers, and a plain digest of one can be found by trying them all.
  const fingerprintKey = encryption.derive('idempotency fingerprints')
  const fingerprint = (content: unknown) => createHmac('sha256', fingerprintKey).update(canonical(content)).digest()

  // Encrypted: answers may hold API secrets and personal data, and are kept for hours.
  const seal = (claim: RequestName, { status, body }: StoredAnswer) => ({
    status,
    answer: encryption.encrypt(body, contextOf(claim)),
  })
  const open = ({ status, answer, ...name }: RequestName & SealedAnswer) => ({
    status,
    body: encryption.decrypt(answer, contextOf(name)),
  })

  return {
    once: async ({ authority, key, storeId, content }, work) => {
      const { merchantId } = authority
      const requestKey = requestKeyOf(authority, key)
      const askedAt = realTime()
      const claimed = await claimRequest(sql, {
        merchantId,
        requestKey,
        storeId,
        fingerprint: fingerprint(content),
        lease: leaseLength,
        retention,
      })
      if (claimed.kind === 'replayed') return { kind: 'replayed', answer: open(claimed) }
      if (claimed.kind !== 'claimed') return claimed
      const { claim } = claimed
      const keep = keepClaim(sql, { claim, until: askedAt + leaseLength }, leaseLength, onError)
      const steps = stepsOf(encryption, claim, claimed.steps)
      try {
        const answer = await underLease({ ...keep, steps }, () => work(requestKey))
        await keep.stop()
        // The work is done: failing to store the answer must not hide that. A retry takes the key over, and the modules
        // recognise their own work.
        await (answer.isFinal
          ? storeAnswer(sql, keep.claim(), seal(claim, answer))
          : releaseClaim(sql, keep.claim())
        ).catch(onError)
        return { kind: 'done', answer }
      } catch (error) {
        await keep.stop()
        await releaseClaim(sql, keep.claim()).catch(onError)
        throw error
      }
    },
    sweep: () => sweepExpired(sql),
  }
}

/** `until`: the end of the lease in real time, counted from when it was requested, so never later than the database's. */
type Lease = { readonly claim: Claim; readonly until: Instant }

/** Renews the lease at half its length while the work goes on. */
const keepClaim = (sql: Sql, first: Lease, length: number, onError: (error: unknown) => void) => {
  let { claim, until } = first
  let renewal: Promise<void> = Promise.resolve()
  const renew = async () => {
    const askedAt = realTime()
    const renewed = await renewClaim(sql, claim, length)
    if (renewed) [claim, until] = [renewed, askedAt + length]
  }
  const timer = setInterval(() => {
    renewal = renewal.then(renew).catch(onError)
  }, length / 2).unref()
  return {
    claim: () => claim,
    until: () => until,
    held: async () => {
      await renewal
      return claim
    },
    stop: async () => {
      clearInterval(timer)
      await renewal
    },
  }
}

/**
 * Identifies the request to the modules, which store it with what they did. Not the key itself, since another credential may
 * use the same key.
 */
const requestKeyOf = ({ merchantId, scope, storeId }: KeyedRequest['authority'], key: string): string =>
  digestOf(JSON.stringify(scope === 'STORE' ? [merchantId, storeId, key] : [merchantId, key]))

/** What the request has done so far. Bound to it, and to nothing else that is kept of it. */
const stepsOf = (encryption: Encryption, claim: RequestName, sealed: Buffer | null): Steps => {
  const context = `steps of ${contextOf(claim)}`
  const known: [string, string][] = sealed === null ? [] : JSON.parse(encryption.decrypt(sealed, context))
  const steps = new Map(known)
  return {
    get: (step) => steps.get(step),
    sealedWith: (step, result) => encryption.encrypt(JSON.stringify([...steps, [step, result]]), context),
    add: (step, result) => void steps.set(step, result),
  }
}

/** Binds an answer to its request: a ciphertext copied to another row does not decrypt. */
const contextOf = ({ merchantId, requestKey }: RequestName) => `answer to ${requestKey} of ${merchantId}`
