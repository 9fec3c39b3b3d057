import { hash, randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto'
import { v5 as uuidV5, v7 as uuidV7 } from 'uuid'
import { realTime } from './clock.ts'

/**
 * A time-ordered UUID (version 7), for transactions, cancellations, webhooks and events: rows made together lie
 * together in their index, which keeps inserts on the right-hand edge of the tree. Sorts after all that this process made before,
 * by a count where they are of one millisecond (RFC 9562, 6.2, method 1).
 */
export const timeOrderedId = (): string => {
  const random = sixteenBytes()
  const now = realTime()
  latest = now > latest.msecs ? { msecs: now, seq: random.readUInt32BE(6) >>> 1 } : { ...latest, seq: latest.seq + 1 }
  return uuidV7({ random, ...latest })
}

/** The count of an id begins in the lower half of 32 bits: two thousand million may follow it within its millisecond. */
let latest = { msecs: 0, seq: 0 }

/** Drawn for 256 ids at a time: drawing for one takes eight times as long as all else that is done for it. */
const pool = Buffer.alloc(256 * 16)
let taken = pool.length
const sixteenBytes = (): Buffer => {
  if (taken === pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += 16
  return pool.subarray(taken - 16, taken)
}

/**
 * Names what a request creates: under the same key of a request the same thing, so that carrying a request out twice, on two
 * servers, writes one row. Without a key something new each time.
 */
export const createdBy = (requestKey: string | undefined): string =>
  requestKey === undefined ? randomUUID() : uuidV5(requestKey, requests)

/** The space of names that these are drawn from: any will do, as long as it stays. */
const requests = 'b7d8a3f2-5c41-4e0e-9d6a-0f3c2a9e7b15'

/** An id with one of PortOne's prefixes, such as `store-6f1c…`. Clients treat it as opaque. */
export const prefixedId = (
  prefix: 'merchant' | 'store' | 'channel-id' | 'channel-key' | 'channel-group-live' | 'channel-group-test' | 'secret',
): string => `${prefix}-${randomUUID()}`

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Lower-case letters and digits, at most 32, for ids that people read aloud: 36 to the power of `length` there are. By chance,
 * or always the same for one name.
 */
export const shortId = (length: number, name?: string): string => {
  const bytes = name === undefined ? undefined : sha256(name)
  return Array.from({ length }, (_, place) => letters[(bytes?.[place] ?? randomInt(36 * 7)) % letters.length]).join('')
}

/** The digits of a ULID: no letter that could be taken for a digit or for another letter. */
const sortableDigits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: 26 characters that sort by the time of their making; for a name always the same, which sorts by chance. */
export const sortableId = (name?: string): string => {
  const uuid = name === undefined ? timeOrderedId() : createdBy(name)
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let text = ''
  for (let place = 0; place < 26; place++) {
    text = sortableDigits[Number(rest % 32n)] + text
    rest /= 32n
  }
  return text
}

/** Unguessable text for secrets and tokens: `bytes` random bytes as URL-safe base64. */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')

/** Chance in [0, 1), for jitter and draws, not for secrets. By `randomInt`, which keeps a store of random bytes: asking for six costs more. */
export const chance = (): number => randomInt(largestRange) / largestRange

/** The most that `randomInt` draws from. */
const largestRange = 2 ** 48 - 1

/** A stable digest of text, for fingerprints and for looking secrets up without storing them. */
export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer')

/** Random bytes as padded base64 with the standard alphabet, which webhook secrets need. */
export const randomBase64 = (bytes: number): string => randomBytes(bytes).toString('base64')

/** Decimal digits by chance, for numbers that people read out. Not for secrets. */
export const randomDigits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('')
