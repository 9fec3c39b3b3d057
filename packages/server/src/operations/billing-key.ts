import { type BillingKey, heldBy } from '../billing-keys/billing-key.ts'
import { confirmIssue } from '../billing-keys/confirm.ts'
import { deleteBillingKey } from '../billing-keys/delete.ts'
import { channelFailures, issueBillingKey } from '../billing-keys/issue.ts'
import { findBillingKeys } from '../billing-keys/list.ts'
import type { BillingKeyParts } from '../billing-keys/module.ts'
import { billingKeyView } from '../billing-keys/view.ts'
import type { Caller, Handlers } from '../http/handler.ts'
import { completeList } from '../http/list-input.ts'
import { type StoreClock, toIso } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import type { Access } from '../merchants/access.ts'

export type BillingKeyOperationParts = {
  readonly billingKeys: BillingKeyParts
  readonly access: Access
  readonly clockOf: (storeId: string) => Promise<StoreClock>
}

type BillingKeyOperationId =
  | 'issueBillingKey'
  | 'confirmBillingKey'
  | 'getBillingKeyInfo'
  | 'getBillingKeyInfos'
  | 'deleteBillingKey'

export const billingKeyOperations = (parts: BillingKeyOperationParts): Pick<Handlers, BillingKeyOperationId> => ({
  issueBillingKey: async ({ body, principal, caller }) => {
    const store = await parts.access.resolveStore(principal, body.storeId)
    if (store instanceof Refusal) return store
    const key = await issueBillingKey(parts.billingKeys, store, body, circumstances(caller))
    return key instanceof Refusal ? key : issuedView(key)
  },

  confirmBillingKey: async ({ body, principal, caller }) => {
    const store = await parts.access.resolveStore(principal, body.storeId)
    if (store instanceof Refusal) return store
    const { billingIssueToken, isTest, skipWebhook } = body
    const input = { billingIssueToken, isTest, skipWebhook: skipWebhook || undefined, ...circumstances(caller) }
    const confirmed = await confirmIssue(parts.billingKeys, store, input)
    return confirmed instanceof Refusal ? confirmed : { billingKey: confirmed.key.id }
  },

  getBillingKeyInfo: async ({ path, query, principal }) => {
    const store = await parts.access.resolveStore(principal, query.storeId)
    if (store instanceof Refusal) return store
    const { state } = await parts.billingKeys.process.load({ store, id: path.billingKey })
    return state.issuedAt === undefined
      ? refuse('BILLING_KEY_NOT_FOUND', `There is no billing key ${path.billingKey} in this store.`)
      : billingKeyView(state, state.issuedAt)
  },

  getBillingKeyInfos: async ({ body, principal }) => {
    const { filter = {}, sort = {} } = body ?? {}
    const completed = await completeList(parts, principal, 'billing keys', body ?? {})
    if (completed instanceof Refusal) return completed
    const query = { ...completed, filter, sort }
    const { items, totalCount } = await findBillingKeys(parts.billingKeys.sql, query)
    const views = items.flatMap((key) => (key.issuedAt === undefined ? [] : [billingKeyView(key, key.issuedAt)]))
    return { items: views, page: { ...completed.page, totalCount } }
  },

  deleteBillingKey: async ({ path, query, principal, caller }) => {
    const store = await parts.access.resolveStore(principal, query.storeId)
    if (store instanceof Refusal) return store
    const { reason, requester, skipWebhook } = query
    const deletion = { reason, requester, skipWebhook: skipWebhook || undefined, requestKey: caller.requestKey }
    const key = { store, id: path.billingKey }
    const deleted = await deleteBillingKey(parts.billingKeys, key, deletion, caller.testCode)
    return deleted instanceof Refusal ? deleted : { deletedAt: toIso(deleted.deletedAt ?? 0) }
  },
})

const circumstances = ({ requestKey, testCode }: Caller) => ({ requestKey, testCode })

const issuedView = (key: BillingKey) => {
  const failures = channelFailures(key)
  return {
    billingKeyInfo: {
      billingKey: key.billingKey,
      channels: heldBy(key).map(({ channel }) => channel),
      issuedAt: toIso(key.issuedAt ?? 0),
    },
    ...(failures.length === 0 ? {} : { channelSpecificFailures: failures }),
  }
}
