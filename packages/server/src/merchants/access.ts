import { Refusal, refuse } from '../kernel/refusal.ts'
import type { StoreDirectory } from './directory.ts'
import type { Principal } from './principal.ts'
import { platformStore, type Store } from './store.ts'

/** Which stores a credential may use. */
export type Access = {
  /** The store of a request: the one it names, else the credential's own. */
  resolveStore(principal: Principal, storeId: string | undefined): Promise<Store | Refusal<'FORBIDDEN'>>
  /** The stores that a list across stores covers: the one it names, else all that the credential reaches. */
  reachableStores(principal: Principal, storeId: string | undefined): Promise<readonly Store[] | Refusal<'FORBIDDEN'>>
  /**
   * The store by whose clock a platform of the credential's merchant goes. Partner settlement belongs to the merchant, so a
   * secret of a single store is refused on both platforms: the test platform is shared by all stores as well.
   */
  resolvePlatformStore(principal: Principal, isForTest: boolean): Promise<Store | Refusal<'FORBIDDEN'>>
}

export const storeAccess = (directory: StoreDirectory): Access => {
  const resolveStore: Access['resolveStore'] = async (principal, storeId = principal.storeId) => {
    if (principal.scope === 'STORE' && storeId !== principal.storeId) return outOfReach()
    const store = await directory.store(storeId)
    // The same message whether the store belongs to another merchant or does not exist: it must not reveal which ids exist.
    return store?.merchantId === principal.merchantId ? store : outOfReach()
  }
  return {
    resolveStore,
    reachableStores: async (principal, storeId) => {
      if (principal.scope === 'MERCHANT' && storeId === undefined) return await directory.storesOf(principal.merchantId)
      const store = await resolveStore(principal, storeId)
      return store instanceof Refusal ? store : [store]
    },
    resolvePlatformStore: async ({ scope, merchantId }, isForTest) => {
      if (scope === 'STORE') return merchantsOnly
      return platformStore(await directory.storesOf(merchantId), isForTest) ?? outOfReach()
    },
  }
}

const outOfReach = (): Refusal<'FORBIDDEN'> =>
  refuse(
    'FORBIDDEN',
    "This credential has no access to the store. Leave storeId out to use the credential's own store.",
  )

const merchantsOnly = refuse(
  'FORBIDDEN',
  'Partner settlement belongs to the merchant, but this API secret is for a single store. Use a secret of the whole ' +
    'merchant: the one from the first start, or a new one (`naru secret create --store <id>`, without --store-only).',
)

/** The store that a request of the control API is about: there is no time travel with real money. */
export const resolveSandboxStore = async (
  access: Access,
  principal: Principal,
  storeId: string | undefined,
): Promise<Store | Refusal<'FORBIDDEN'>> => {
  const store = await access.resolveStore(principal, storeId)
  if (store instanceof Refusal || store.mode === 'SANDBOX') return store
  return refuse('FORBIDDEN', `The store ${store.storeId} is live. The sandbox API is for sandbox stores only.`)
}
