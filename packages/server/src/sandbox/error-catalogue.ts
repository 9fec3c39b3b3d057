import { type ErrorType, type OperationId, operationIds, operations } from '@naru/contract'
import { platformWays } from './platform-error-ways.ts'

/** The shortest way to see each error of the payment side. `test/error-coverage.test.ts` walks every one of them. */
const paymentWays: Partial<Readonly<Record<ErrorType, string>>> = {
  INVALID_REQUEST: 'leave out a required field, or send an amount of 0',
  UNAUTHORIZED: 'send `Authorization: PortOne no-such-secret`',
  FORBIDDEN: 'send `storeId: "store-of-nobody"`',
  PG_PROVIDER: 'pay 990001; for any other call send `Naru-Test-Code: maintenance`, or [script](sandbox.md#scripts) it',
  CHANNEL_NOT_FOUND: 'name the channel `no-such-channel`',
  PAYMENT_NOT_FOUND: 'name the payment `no-such-payment`',
  ALREADY_PAID: 'pay, confirm or pre-register the same `paymentId` again',
  MAX_TRANSACTION_COUNT_REACHED: 'try the same id 100 times with card 4000 0000 0000 0002, then once more',
  SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT: 'send `amount: {total: 1, taxFree: 2}`',
  MAX_TTL_EXCEEDED: '`POST /payment-sessions` with `ttlSeconds` of more than 30 days',
  PROFILE_SETTINGS_NOT_FOUND: '`GET /checkout-profiles/evaluate` with a made-up `profileKey`',
  SESSION_NOT_FOUND: 'a made-up session id in the URL',
  SESSION_EXPIRED: 'create a payment session, close it, and read it',
  INVALID_PAYMENT_TOKEN: 'confirm with `paymentToken: "guessed"`',
  INFORMATION_MISMATCH: 'confirm a checkout in KRW with `currency: "USD"`, or with `isTest: false`',
  PAYMENT_NOT_PAID:
    'pay 990001 (declined), then cancel it, ship it, or capture it where the channel is captured by hand',
  PAYMENT_ALREADY_CANCELLED: 'cancel in full, then cancel again',
  CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: 'cancel with `currentCancellableAmount: 1` where more is left',
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: 'cancel more than was paid',
  CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT:
    'of an order with a tax-free part, cancel more than the taxable part',
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: 'cancel with more `taxFreeAmount` than the order had',
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: 'cancel with `amount: 10, taxFreeAmount: 11`',
  MAX_CANCEL_COUNT_REACHED: 'pay 990030, cancel it 100 times (each is refused), then once more',
  PAYMENT_CANCELLATION_NOT_FOUND: 'stop the cancellation `no-such-cancellation`',
  PAYMENT_CANCELLATION_NOT_PENDING: 'stop a cancellation that has succeeded',
  PAYMENT_NOT_WAITING_FOR_DEPOSIT: 'close the virtual account of a card payment',
  WEBHOOK_NOT_FOUND: 'resend the webhook `no-such-webhook`',
  MAX_WEBHOOK_RETRY_COUNT_REACHED: 'pay with `noticeUrls`, then resend the webhook eleven times',
  PROMOTION_NOT_FOUND: 'read the promotion `no-such-promotion`',
  PROMOTION_PAY_METHOD_DOES_NOT_MATCH:
    'make a promotion of SHINHAN_CARD (`POST /sandbox/promotions`), apply it to card 5555 5555 5555 4444',
  DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT: 'make a promotion of ₩10,000 off, apply it to an order of ₩10,000',
  NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT:
    'of an order of ₩10,000 with a discount from ₩10,000 on, cancel less than the discount',
  PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED: 'cancel a part with RETAIN, then another part without',
  BILLING_KEY_NOT_FOUND: 'name the billing key `no-such-key`, or confirm the token `guessed`',
  BILLING_KEY_ALREADY_ISSUED: 'confirm the same `billingIssueToken` twice',
  BILLING_KEY_NOT_ISSUED: 'delete a key that was authenticated and not confirmed yet',
  BILLING_KEY_ALREADY_DELETED: 'delete a key, then charge or delete it',
  CHANNEL_SPECIFIC: 'issue through a channel group with customer id `sbx-decline`',
  PAYMENT_SCHEDULE_NOT_FOUND: 'read or revoke the schedule `no-such-schedule`',
  PAYMENT_SCHEDULE_ALREADY_EXISTS: 'schedule a `paymentId`, then pay it, schedule it again, or delete its billing key',
  PAYMENT_SCHEDULE_ALREADY_PROCESSED: 'move the clock past a schedule, then revoke it',
  PAYMENT_SCHEDULE_ALREADY_REVOKED: 'revoke a schedule twice',
  ALREADY_PAID_OR_WAITING: 'schedule a `paymentId` that is paid',
  CASH_RECEIPT_NOT_FOUND: 'read the receipt of a payment that has none',
  CASH_RECEIPT_ALREADY_ISSUED: 'issue a receipt for the same `paymentId` twice',
  CASH_RECEIPT_NOT_ISSUED: 'issue a receipt of 990001 (refused), then cancel it',
  IDENTITY_VERIFICATION_NOT_FOUND: 'confirm the verification `no-such-verification`',
  IDENTITY_VERIFICATION_NOT_SENT: 'open the window (`POST /sandbox/identity-verifications/{id}/open`), then confirm',
  IDENTITY_VERIFICATION_ALREADY_SENT: 'send the same id twice',
  IDENTITY_VERIFICATION_ALREADY_VERIFIED: 'confirm with `000000`, then confirm again',
}

/** The page of the documentation that lists every error; `npm run docs` writes it. */
export const errorPage = (): string => {
  const answered = answering()
  const payment = [...answered].filter(([type]) => !isOfPlatform(type))
  const platform = [...answered].filter(([type]) => isOfPlatform(type))
  return [heading, ...payment.map(row), platformHeading, ...platform.map(row), ''].join('\n')
}

const isOfPlatform = (type: ErrorType): boolean => type.startsWith('PLATFORM_')

const ways: Partial<Readonly<Record<ErrorType, string>>> = { ...paymentWays, ...platformWays }

const heading = `# Every error, on demand

Each type of error that an operation can answer, with the shortest way to see it on a sandbox store.
Amounts, cards and codes that choose an outcome are in [the sandbox PG](sandbox.md). Written by \`npm run docs\`.

| error | shortest way to see it | answered by |
|---|---|---|`

const platformHeading = `
## Partner settlement

| error | shortest way to see it | answered by |
|---|---|---|`

const answering = (): ReadonlyMap<ErrorType, readonly OperationId[]> => {
  const found = new Map<ErrorType, OperationId[]>()
  for (const id of operationIds.filter((id) => operations[id].category !== 'sandbox'))
    for (const type of operations[id].errors) found.set(type, [...(found.get(type) ?? []), id])
  return found
}

/** Naming seventy operations would tell nobody anything. */
const mostNames = 8

const row = ([type, ids]: readonly [ErrorType, readonly OperationId[]]): string => {
  const way = ways[type]
  if (way === undefined) throw new Error(`the error catalogue does not say how to see ${type}`)
  const named = ids.length > mostNames ? `${ids.length} operations` : ids.map((id) => `\`${id}\``).join(', ')
  return `| \`${type}\` | ${way} | ${named} |`
}
