import { type BillingKey, heldBy } from '../billing-keys/billing-key.ts'
import { confirmIssue } from '../billing-keys/confirm.ts'
import { confirmIssueAndPay } from '../billing-keys/confirm-and-pay.ts'
import { deleteBillingKey } from '../billing-keys/delete.ts'
import { channelFailures, issueBillingKey } from '../billing-keys/issue.ts'
import { findBillingKeys } from '../billing-keys/list.ts'
import { billingKeyView } from '../billing-keys/view.ts'
import type { Handlers } from '../http/handler.ts'
import { completeList } from '../http/list-input.ts'
import { toIso } from '../kernel/clock.ts'
import { Refusal, refuse } from '../kernel/refusal.ts'
import { selectedChannel } from '../merchants/store.ts'
import { refuseNoticeTargets } from '../webhooks/targets.ts'
import { circumstances, originOf } from './caller.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'clocksOf' | 'billingKeys' | 'payments' | 'webhooks'>

type BillingKeyOperationId =
  | 'issueBillingKey'
  | 'confirmBillingKey'
  | 'confirmBillingKeyIssueAndPay'
  | 'getBillingKeyInfo'
  | 'getBillingKeyInfos'
  | 'deleteBillingKey'

export const billingKeyOperations = (parts: Parts): Pick<Handlers, BillingKeyOperationId> => ({
  issueBillingKey: forStore(parts.access, async ({ body, caller, store }) => {
    const broken = refuseNoticeTargets(parts.webhooks, store, body.noticeUrls)
    if (broken) return broken
    const key = await issueBillingKey(parts.billingKeys, store, body, circumstances(caller))
    return key instanceof Refusal ? key : issuedView(key)
  }),

  confirmBillingKey: forStore(parts.access, async ({ body, caller, store }) => {
    const { billingIssueToken, isTest, skipWebhook } = body
    const input = { billingIssueToken, isTest, skipWebhook: skipWebhook || undefined, ...circumstances(caller) }
    const confirmed = await confirmIssue(parts.billingKeys, store, input)
    return confirmed instanceof Refusal ? confirmed : { billingKey: confirmed.key.id }
  }),

  confirmBillingKeyIssueAndPay: forStore(parts.access, async ({ body, caller, store }) => {
    const { billingIssueToken, isTest, skipWebhook, paymentId, currency, totalAmount, taxFreeAmount } = body
    const expected = { billingIssueToken, isTest, payment: { paymentId, currency, totalAmount, taxFreeAmount } }
    const origin = originOf(caller)
    const quiet = skipWebhook || undefined
    const input = { ...expected, ...circumstances(caller), skipWebhook: quiet, origin }
    return confirmIssueAndPay(parts, store, input)
  }),

  getBillingKeyInfo: forStore(parts.access, async ({ path, store }) => {
    const { state } = await parts.billingKeys.process.load({ store, id: path.billingKey })
    return state.issuedAt === undefined
      ? refuse('BILLING_KEY_NOT_FOUND', `There is no billing key ${path.billingKey} in this store.`)
      : billingKeyView(state, state.issuedAt)
  }),

  getBillingKeyInfos: async ({ body, principal }) => {
    const { filter = {}, sort = {} } = body ?? {}
    const completed = await completeList(parts, principal, 'billing keys', body ?? {})
    if (completed instanceof Refusal) return completed
    const query = { ...completed, filter, sort }
    const { items, totalCount } = await findBillingKeys(parts.billingKeys.sql, query)
    const views = items.flatMap((key) => (key.issuedAt === undefined ? [] : [billingKeyView(key, key.issuedAt)]))
    return { items: views, page: { ...completed.page, totalCount } }
  },

  deleteBillingKey: forStore(parts.access, async ({ path, query, caller, store }) => {
    const { reason, requester, skipWebhook } = query
    const deletion = { reason, requester, skipWebhook: skipWebhook || undefined, requestKey: caller.requestKey }
    const key = { store, id: path.billingKey }
    const deleted = await deleteBillingKey(parts.billingKeys, key, deletion, caller.testCode)
    return deleted instanceof Refusal ? deleted : { deletedAt: toIso(deleted.deletedAt ?? 0) }
  }),
})

const issuedView = (key: BillingKey) => {
  const failures = channelFailures(key)
  return {
    billingKeyInfo: {
      billingKey: key.billingKey,
      channels: heldBy(key).map(({ channel }) => selectedChannel(channel)),
      issuedAt: toIso(key.issuedAt ?? 0),
    },
    ...(failures.length === 0 ? {} : { channelSpecificFailures: failures }),
  }
}
