import { digestOf } from '../kernel/digest.ts'
import { randomToken } from '../kernel/ids.ts'

/**
 * The key to one attempt, which the shop's page and ours hold. It says whose attempt it is, so that looking it up is a
 * look at one store's rows: `<store id in base64url>.<transaction id>.<256 random bits>`.
 */
export const newToken = (storeId: string, transactionId: string): string =>
  `${Buffer.from(storeId).toString('base64url')}.${transactionId}.${randomToken()}`

export type TokenParts = { readonly storeId: string; readonly transactionId: string; readonly digest: string }

/** What a token says; `undefined` where it cannot be one. */
export const readToken = (token: string): TokenParts | undefined => {
  const [store = '', transactionId = '', secret = '', ...rest] = token.split('.')
  if (!/^[\w-]{1,400}$/.test(store) || !/^[\w-]{36}$/.test(transactionId) || secret === '' || rest.length > 0)
    return undefined
  const storeId = Buffer.from(store, 'base64url').toString('utf8')
  return storeId === '' || storeId.includes('\0') ? undefined : { storeId, transactionId, digest: digestOf(token) }
}
