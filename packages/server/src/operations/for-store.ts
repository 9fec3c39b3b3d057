import { Refusal } from '../kernel/refusal.ts'
import { type Access, resolveSandboxStore } from '../merchants/access.ts'
import type { Principal } from '../merchants/principal.ts'
import type { Store } from '../merchants/store.ts'

type Authenticated = { readonly principal: Principal }

type Naming = { readonly storeId?: string }

/** A call that names its store where nearly all of them do, or names none and means the credential's own. */
type NamingCall = Authenticated & { readonly query: Naming; readonly body?: Naming | undefined }

type InStore<Call> = Call & { readonly store: Store }

const storeNamed = ({ query, body }: NamingCall): string | undefined => query.storeId ?? body?.storeId

/** Finds the store that a call is about, unless the credential does not reach it, and handles the call there. */
export const forStore = <Call extends NamingCall, Answer>(
  access: Access,
  handle: (call: InStore<Call>) => Promise<Answer>,
) => forStoreIn(access, storeNamed, handle)

/** As `forStore`, for a call that names its store elsewhere: `named` says where. */
export const forStoreIn =
  <Call extends Authenticated, Answer>(
    access: Access,
    named: (call: Call) => string | undefined,
    handle: (call: InStore<Call>) => Promise<Answer>,
  ) =>
  async (call: Call): Promise<Answer | Refusal<'FORBIDDEN'>> => {
    const store = await access.resolveStore(call.principal, named(call))
    return store instanceof Refusal ? store : await handle({ ...call, store })
  }

/** As `forStore`, for the control API: a live store is refused. */
export const forSandboxStore =
  <Call extends NamingCall, Answer>(access: Access, handle: (call: InStore<Call>) => Promise<Answer>) =>
  async (call: Call): Promise<Answer | Refusal<'FORBIDDEN'>> => {
    const store = await resolveSandboxStore(access, call.principal, storeNamed(call))
    return store instanceof Refusal ? store : await handle({ ...call, store })
  }
