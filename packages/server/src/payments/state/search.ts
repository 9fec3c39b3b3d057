import type { PaymentTextSearchField } from '@naru/contract'
import { beginningOf } from '../../kernel/text.ts'
import type { Attempt, Payment } from './payment.ts'
import { representative } from './payment.ts'

/** A payment's own id is a column, and has an index already. */
type NamedField = Exclude<PaymentTextSearchField, 'ALL' | 'PAYMENT_ID'>

/** What of a text is kept to be found by, and compared: our choice, nobody searches by more. Both sides are cut alike. */
export const foundBy = (text: string): string => beginningOf(text, 200)

/** What a named text search looks for: a field matches when its whole value is equal, up to what is compared. */
export const searchEntry = (field: NamedField, value: string): string => `${field}=${foundBy(value)}`

/**
 * Everything a payment can be found by beside its id, as `FIELD=value`, for one inverted index over all fields. While its
 * first PG call is under way that is the transaction id alone, by which the PG speaks of it: each entry would be written a
 * second time with the PG's answer, and this index is the largest part of what a payment writes.
 */
export const searchEntries = (payment: Payment): string[] => {
  const shown = representative(payment)
  const found = new Set<string>()
  const add = (field: NamedField, value: string | number | undefined) => {
    if (value !== undefined && value !== '') found.add(searchEntry(field, String(value)))
  }
  for (const attempt of payment.attempts) add('TX_ID', attempt.transactionId)
  if (shown && !isFirstCall(payment)) {
    addOrder(add, shown)
    addMethod(add, shown)
    // Last, as the migration that gave them to older payments wrote them.
    add('SCHEDULE_ID', shown.scheduleId)
    add('BILLING_KEY', shown.billingKey)
  }
  return [...found]
}

/** Not in doubt, and nothing was found out before: the next commit is milliseconds away, or the inquiry after a crash. */
export const isFirstCall = ({ attempts: [attempt, ...others] }: Payment): boolean =>
  others.length === 0 &&
  attempt?.phase === 'APPROVING' &&
  attempt.authentication === undefined &&
  attempt.inquiry?.inDoubt === false &&
  attempt.inquiry.count === 0

type Add = (field: NamedField, value: string | number | undefined) => void

const addOrder = (
  add: Add,
  { request, pgTransactionId, promotion, channel, origin, failure, cancellations }: Attempt,
) => {
  const { customer, orderName } = request
  add('ORDER_NAME', orderName)
  add('PG_TX_ID', pgTransactionId)
  add('PROMOTION_ID', promotion?.promotionId)
  add('PG_MERCHANT_ID', channel.pgMerchantId)
  add('CUSTOMER_NAME', customer.name)
  add('CUSTOMER_EMAIL', customer.email)
  add('CUSTOMER_PHONE_NUMBER', customer.phoneNumber)
  add('CUSTOMER_ADDRESS', customer.address?.oneLine)
  add('CUSTOMER_ZIPCODE', customer.zipcode)
  add('USER_AGENT', origin.userAgent)
  add('FAIL_REASON', failure?.reason)
  for (const cancellation of cancellations) {
    add('PG_CANCELLATION_ID', cancellation.pgCancellationId)
    add('CANCEL_REASON', cancellation.reason)
  }
}

const addMethod = (add: Add, { method }: Attempt) => {
  switch (method?.type) {
    case 'PaymentMethodCard':
      add('CARD_ISSUER', method.card?.issuer)
      add('CARD_ACQUIRER', method.card?.publisher)
      add('CARD_BIN', method.card?.bin)
      add('CARD_NUMBER', method.card?.number)
      add('CARD_APPROVAL_NUMBER', method.approvalNumber)
      add('CARD_RECEIPT_NAME', method.card?.name)
      add('CARD_INSTALLMENT', method.installment?.month)
      return
    case 'PaymentMethodVirtualAccount':
      add('VIRTUAL_ACCOUNT_BANK', method.bank)
      add('VIRTUAL_ACCOUNT_NUMBER', method.accountNumber)
      add('VIRTUAL_ACCOUNT_HOLDER_NAME', method.remitteeName)
      return
    case 'PaymentMethodTransfer':
      add('TRANS_BANK', method.bank)
      return
    case 'PaymentMethodGiftCertificate':
      add('GIFT_CERTIFICATION_APPROVAL_NUMBER', method.approvalNumber)
      return
    default:
  }
}
