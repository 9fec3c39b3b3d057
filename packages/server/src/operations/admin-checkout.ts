import type { AdminCheckoutProfile } from '@naru/contract'
import {
  type CheckoutProfile,
  deleteProfile,
  findProfileOf,
  profilesOf,
  setProfile,
} from '../checkout/sessions/profile.ts'
import type { Sql } from '../db/connect.ts'
import { once } from '../db/lease.ts'
import type { AdminHandlers } from '../http/admin.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'
import type { StoreDirectory } from '../merchants/directory.ts'
import type { Principal } from '../merchants/principal.ts'
import { setCheckout } from '../merchants/setup.ts'
import { SetupError } from '../merchants/setup-error.ts'
import type { Store } from '../merchants/store.ts'

type Parts = { readonly sql: Sql; readonly access: Access; readonly directory: Pick<StoreDirectory, 'forget'> }

type CheckoutOperationId =
  | 'getAdminCheckoutSetting'
  | 'changeAdminCheckoutSetting'
  | 'listAdminCheckoutProfiles'
  | 'putAdminCheckoutProfile'
  | 'deleteAdminCheckoutProfile'

/** What a store wants of its checkout, and which ways to pay its sessions offer. */
export const adminCheckoutHandlers = ({ sql, access, directory }: Parts): Pick<AdminHandlers, CheckoutOperationId> => {
  const inStore = ofStore(access)
  return {
    getAdminCheckoutSetting: ({ principal, path }) =>
      inStore(principal, path.storeId, async ({ checkout }) => checkout),
    changeAdminCheckoutSetting: ({ principal, path, body = {} }) =>
      inStore(principal, path.storeId, async ({ storeId }) => {
        const changed = await setCheckout(sql, storeId, body)
        directory.forget(storeId)
        return changed
      }),
    listAdminCheckoutProfiles: ({ principal, path }) =>
      inStore(principal, path.storeId, async ({ storeId }) => ({
        items: (await profilesOf(sql, storeId)).map(profileView),
      })),
    putAdminCheckoutProfile: ({ principal, path, body }) =>
      inStore(principal, path.storeId, async ({ storeId }) => {
        if (body === undefined) return refuse('INVALID_REQUEST', 'The body is missing.')
        const profile = { storeId, profileKey: path.profileKey, ...body }
        await setProfile(sql, profile)
        return profileView(profile)
      }),
    deleteAdminCheckoutProfile: ({ principal, path }) =>
      inStore(principal, path.storeId, async ({ storeId }) => {
        const { profileKey } = path
        return await once(sql, 'profile deleted', async (sql) => {
          const profile = await findProfileOf(sql, storeId, profileKey)
          await deleteProfile(sql, storeId, profileKey)
          return profile
            ? profileView(profile)
            : refuse('INVALID_REQUEST', `The store has no checkout profile ${profileKey}.`)
        })
      }),
  }
}

/** What cannot be set up so is said as it is on the command line. */
const ofStore =
  (access: Access) =>
  async <Answer>(principal: Principal, storeId: string, work: (store: Store) => Promise<Answer>) => {
    const store = await access.resolveStore(principal, storeId)
    if (store instanceof Refusal) return store
    try {
      return await work(store)
    } catch (error) {
      if (error instanceof SetupError) return refuse('INVALID_REQUEST', error.message)
      throw error
    }
  }

const profileView = ({ profileKey, name, isForTest, entries }: CheckoutProfile): AdminCheckoutProfile => ({
  profileKey,
  name,
  isForTest,
  entries: [...entries],
})
