import { createHash } from 'node:crypto'

/** Tokens are bearer secrets: only their digest is stored. */
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')
