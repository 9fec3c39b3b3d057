import type { BillingKeyInfo, PgBillingKeyIssueResponse } from '@naru/contract'
import { type Instant, toIso } from '../kernel/clock.ts'
import { compact } from '../kernel/compact.ts'
import { type BillingKey, everHeldBy, type Holding, stillHeldBy } from './billing-key.ts'

/** A key as the contract shows it. */
export const billingKeyView = (key: BillingKey, issuedAt: Instant): BillingKeyInfo => {
  const common = commonView(key, issuedAt)
  return key.deletedAt === undefined
    ? { status: 'ISSUED', ...common }
    : { status: 'DELETED', ...common, deletedAt: toIso(key.deletedAt) }
}

const commonView = (key: BillingKey, issuedAt: Instant) => {
  const { request } = key
  const holdings = key.deletedAt === undefined ? stillHeldBy(key) : everHeldBy(key)
  const methods = holdings.flatMap(({ method }) => (method ? [method] : []))
  return {
    billingKey: key.billingKey,
    merchantId: key.merchantId,
    storeId: key.storeId,
    channels: holdings.map(({ channel }) => channel),
    customer: request?.customer ?? {},
    issuedAt: toIso(issuedAt),
    pgBillingKeyIssueResponses: key.holdings.flatMap(responseView),
    ...compact({
      methods: methods.length === 0 ? undefined : methods.slice(0, 1),
      customData: request?.customData,
      requestedAt: request && toIso(request.requestedAt),
      channelGroup: request?.channelGroup,
    }),
  }
}

const responseView = (holding: Holding): PgBillingKeyIssueResponse[] => {
  const { channel, method, pgTransactionId, failure, failedAt } = holding
  switch (holding.phase) {
    case 'ISSUING':
      return []
    case 'ISSUED':
    case 'DELETING':
    case 'DELETED':
      return [{ type: 'ISSUED', channel, ...compact({ pgTxId: pgTransactionId, method }) }]
    case 'FAILED': {
      const { reason, pgCode, pgMessage } = failure ?? {}
      const facts = compact({ message: reason, pgCode, pgMessage })
      return [{ type: 'FAILED', channel, failure: { ...facts, failedAt: toIso(failedAt ?? 0) } }]
    }
  }
}
