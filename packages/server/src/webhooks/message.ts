import type { PaymentWebhookPaymentStatus, PaymentWebhookTrigger } from '@naru/contract'
import { type Instant, toIso } from '../kernel/clock.ts'
import type { Environment, WebhookSettings } from '../merchants/store.ts'

/** An event that the merchant's server is told of. Other modules make these; this one turns them into messages. */
export type Announcement = Common & (PaymentNews | CancellationNews | ConfirmationQuestion | BillingKeyNews)

export type AnnouncementType = Announcement['type']

type Common = {
  readonly storeId: string
  readonly environment: Environment
  /** When it happened, by the store's clock. Part of the body, hence the same on every attempt. */
  readonly at: Instant
  /** The payment's status after it happened, for the delivery's record. */
  readonly paymentStatus?: PaymentWebhookPaymentStatus | undefined
  /** The cause, if it was not the merchant's own call. */
  readonly trigger?: PaymentWebhookTrigger | undefined
  /** URLs of the request that replace the store's URL. */
  readonly noticeUrls?: readonly string[] | undefined
}

type OfPayment = { readonly paymentId: string; readonly transactionId: string }

type PaymentNews = OfPayment & {
  readonly type:
    | 'Transaction.Ready'
    | 'Transaction.Paid'
    | 'Transaction.VirtualAccountIssued'
    | 'Transaction.Failed'
    | 'Transaction.PayPending'
    | 'Transaction.DisputeCreated'
    | 'Transaction.DisputeResolved'
}

type CancellationNews = OfPayment & {
  readonly type: 'Transaction.PartialCancelled' | 'Transaction.Cancelled' | 'Transaction.CancelPending'
  readonly cancellationId: string
}

/** Asked of the merchant's confirm URL right before an approval; never sent to a webhook URL. */
type ConfirmationQuestion = OfPayment & { readonly type: 'Transaction.Confirm'; readonly totalAmount: number }

type BillingKeyNews = {
  readonly type:
    | 'BillingKey.Ready'
    | 'BillingKey.Issued'
    | 'BillingKey.Failed'
    | 'BillingKey.Deleted'
    | 'BillingKey.Updated'
  readonly billingKey: string
}

/** A body ready to be signed and sent: written once, stored, and sent byte for byte on every attempt. */
export type Message = { readonly contentType: WebhookSettings['contentType']; readonly body: string }

export type MessageFormat = Pick<WebhookSettings, 'version' | 'contentType'>

/** The version for stores that have chosen none. */
export const defaultFormat: MessageFormat = { version: '2024-04-25', contentType: 'application/json' }

/** Writes the message in the receiver's webhook version; `undefined` if that version has no such message. */
export const writeMessage = (announcement: Announcement, format: MessageFormat): Message | undefined => {
  switch (format.version) {
    case '2024-04-25':
      // This version is JSON alone: a form could not hold the nested `data`.
      return { contentType: 'application/json', body: JSON.stringify(envelope(announcement)) }
    case '2024-01-01': {
      const fields = flatFields(announcement)
      if (fields === undefined) return undefined
      const isForm = format.contentType === 'application/x-www-form-urlencoded'
      return { contentType: format.contentType, body: isForm ? form(fields) : JSON.stringify(fields) }
    }
  }
}

const envelope = (announcement: Announcement) => ({
  type: announcement.type,
  timestamp: toIso(announcement.at),
  data: { storeId: announcement.storeId, ...subject(announcement) },
})

const subject = (announcement: Announcement): Record<string, string | number> => {
  if ('billingKey' in announcement) return { billingKey: announcement.billingKey }
  const { paymentId, transactionId } = announcement
  if ('cancellationId' in announcement) {
    return { paymentId, transactionId, cancellationId: announcement.cancellationId }
  }
  if ('totalAmount' in announcement) return { paymentId, transactionId, totalAmount: announcement.totalAmount }
  return { paymentId, transactionId }
}

/** Version 2024-01-01 covers only payments, and calls the transaction `tx`. */
const flatFields = (announcement: Announcement): Record<string, string | number> | undefined => {
  switch (announcement.type) {
    case 'Transaction.Ready':
    case 'Transaction.Paid':
    case 'Transaction.VirtualAccountIssued':
    case 'Transaction.Failed':
    case 'Transaction.PayPending':
    case 'Transaction.PartialCancelled':
    case 'Transaction.Cancelled':
    case 'Transaction.CancelPending': {
      const status = announcement.type.slice('Transaction.'.length)
      return { payment_id: announcement.paymentId, tx_id: announcement.transactionId, status }
    }
    case 'Transaction.Confirm': {
      const { paymentId, transactionId, totalAmount } = announcement
      return { payment_id: paymentId, tx_id: transactionId, total_amount: totalAmount }
    }
    case 'Transaction.DisputeCreated':
    case 'Transaction.DisputeResolved':
    case 'BillingKey.Ready':
    case 'BillingKey.Issued':
    case 'BillingKey.Failed':
    case 'BillingKey.Deleted':
    case 'BillingKey.Updated':
      return undefined
  }
}

const form = (fields: Record<string, string | number>): string =>
  new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)])).toString()
