import { heldBy } from '../billing-keys/billing-key.ts'
import { refreshDetails } from '../billing-keys/inquire.ts'
import { newBillingKeyNames, openBillingKeyWindow } from '../billing-keys/open-window.ts'
import { once } from '../db/lease.ts'
import type { Handlers } from '../http/handler.ts'
import { refuse } from '../kernel/refusal.ts'
import { refuseCredential } from '../payments/requests/input.ts'
import { refuseNoticeTargets } from '../webhooks/targets.ts'
import { forSandboxStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'sql' | 'access' | 'control' | 'billingKeys' | 'webhooks'>

/** What a buyer or a bank does to billing keys. */
export const sandboxBillingKeyOperations = (
  parts: Parts,
): Pick<Handlers, 'authenticateSandboxBillingKey' | 'renewSandboxBillingKey'> => ({
  authenticateSandboxBillingKey: forSandboxStore(parts.access, async ({ body, caller, store }) => {
    const broken = refuseNoticeTargets(parts.webhooks, store, body.noticeUrls)
    if (broken) return broken
    const names = await once(parts.sql, 'billing key named', async () => newBillingKeyNames())
    return openBillingKeyWindow(parts.billingKeys, parts.control, store, body, { names, testCode: caller.testCode })
  }),

  renewSandboxBillingKey: forSandboxStore(parts.access, async ({ path, body, store }) => {
    const broken = refuseCredential(body.card.credential)
    if (broken) return broken
    const key = { store, id: path.billingKey }
    const { state } = await parts.billingKeys.process.load(key)
    const holdings = heldBy(state)
    if (holdings.length === 0)
      return refuse('BILLING_KEY_NOT_FOUND', `There is no billing key ${path.billingKey} in force in this store.`)
    if (holdings.every(({ method }) => method?.type !== 'BillingKeyPaymentMethodCard'))
      return refuse('INVALID_REQUEST', `The billing key ${path.billingKey} is for no card: nothing can be renewed.`)
    for (const { reference } of holdings)
      await parts.control.replaceCard(store.storeId, reference, body.card.credential)
    await refreshDetails(parts.billingKeys, key)
    return {}
  }),
})
