import { hash, timingSafeEqual } from 'node:crypto'

/** Tokens are bearer secrets: only their digest is stored. */
export const digestOf = (token: string): string => hash('sha256', token)

/** Stands for a text of any length, such as a whole filter, where it is kept to be recognised: a filter may be a mebibyte. */
export const briefly = (text: string): string => hash('sha256', text, 'base64')

/** Compares secrets or their digests without telling by its time how far they agree. */
export const isSameSecret = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
