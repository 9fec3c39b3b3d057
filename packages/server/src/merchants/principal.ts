/** Whose credential the request carries. */
export type Principal = {
  readonly merchantId: string
  /** The API secret, whether sent itself or exchanged for an access token. */
  readonly secretId: string
  /** The credential's own store: the representative store for a credential of the whole merchant. */
  readonly storeId: string
  readonly scope: 'MERCHANT' | 'STORE'
}
