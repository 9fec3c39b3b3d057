import type { Happened } from '../aggregates/aggregate.ts'
import type { Announcement } from '../webhooks/message.ts'
import type { BillingKey, BillingKeyEvent } from './billing-key.ts'

/** The webhook that an event sends. A late outcome is always announced, even if the caller asked for no webhook. */
export const announce = ({
  event,
  after,
  at,
}: Omit<Happened<BillingKey, BillingKeyEvent>, 'before'>): readonly Announcement[] => {
  const type = typeOf(event, after)
  const environment = (after.holdings[0] ?? after.ready)?.channel.type
  if (type === undefined || environment === undefined) return []
  const { storeId, billingKey, request } = after
  const noticeUrls = (request ?? after.ready?.request)?.noticeUrls
  return [{ type, storeId, billingKey, environment, at, ...(noticeUrls === undefined ? {} : { noticeUrls }) }]
}

const typeOf = (event: BillingKeyEvent, after: BillingKey) => {
  switch (event.type) {
    case 'Authenticated':
      return 'BillingKey.Ready'
    case 'ChannelUpdated':
      return 'BillingKey.Updated'
    case 'Issued':
      return after.request?.skipWebhook && !event.isLate ? undefined : 'BillingKey.Issued'
    case 'IssueFailed':
      return 'BillingKey.Failed'
    case 'Deleted':
      return after.deletion?.skipWebhook && !event.isLate ? undefined : 'BillingKey.Deleted'
    case 'IssueRequested':
    case 'ChannelIssued':
    case 'FirstPaymentInquiryPlanned':
    case 'FirstPaymentDecided':
    case 'ChannelFailed':
    case 'DeletionRequested':
    case 'DeletionWithdrawn':
    case 'ChannelDeleted':
    case 'ChannelDeletionRefused':
    case 'InquiryPlanned':
      return undefined
  }
}
