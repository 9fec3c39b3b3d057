import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Stands for a text: a token, of which nothing else is stored as it is a bearer secret, or one that is kept only to be recognised, such
 * as a whole filter, which may be a mebibyte.
 */
export const digestOf = (text: string): string => hash('sha256', text)

/** Compares secrets or their digests without telling by its time how far they agree. */
export const isSameSecret = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
