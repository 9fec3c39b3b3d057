import type Type from 'typebox'
import { b2bErrors } from './errors/b2b.ts'
import { type ErrorDefinition, error } from './errors/definition.ts'
import { platformPartnerErrors } from './errors/platform-partner.ts'
import { platformPayoutErrors } from './errors/platform-payout.ts'
import { platformPolicyErrors } from './errors/platform-policy.ts'
import { platformTransferErrors } from './errors/platform-transfer.ts'
import { array, object, optional, type Static, string, tag } from './schema.ts'
import { SelectedChannel } from './schemas/common/channel.ts'
import { ChannelSpecificFailure } from './schemas/common/channel-failure.ts'

const pgRefusal = {
  pgCode: string("The payment gateway's own code, unmodified."),
  pgMessage: string("The payment gateway's own message, unmodified."),
}

const channelOutcomes = {
  failures: array(ChannelSpecificFailure, 'The failure of each failed channel.'),
  succeededChannels: array(SelectedChannel, 'The channels that succeeded. Empty if all failed.'),
}

/**
 * Every error an operation may answer, by its wire type. A type has one status wherever it appears: PortOne's SDKs and
 * their users branch on the type alone.
 */
export const operationErrors = {
  DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT: error(
    400,
    'DiscountAmountExceedsTotalAmountError',
    "The discount of the promotion is not less than the order's total.",
  ),
  INVALID_PAYMENT_TOKEN: error(
    400,
    'InvalidPaymentTokenError',
    'The payment token is unknown, has expired, or was issued for another payment.',
  ),
  MAX_TTL_EXCEEDED: error(400, 'MaxTtlExceededError', 'The session would be open for longer than allowed.'),
  INVALID_REQUEST: error(
    400,
    'InvalidRequestError',
    'The request is malformed or violates a rule without its own error type: invalid JSON, a missing or wrongly typed field, a value out of range, mutually exclusive parameters.',
  ),
  MAX_TRANSACTION_COUNT_REACHED: error(
    400,
    'MaxTransactionCountReachedError',
    'There have been too many attempts with this id. Use a new one.',
  ),
  MAX_WEBHOOK_RETRY_COUNT_REACHED: error(
    400,
    'MaxWebhookRetryCountReachedError',
    'This webhook has already been resent by hand as often as allowed.',
  ),
  NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT: error(
    400,
    'NegativePromotionAdjustedCancelAmountError',
    "The promotion's discount to be taken back is larger than the amount of this cancellation.",
  ),
  PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED: error(
    400,
    'PromotionDiscountRetainOptionShouldNotBeChangedError',
    'An earlier partial cancellation of this payment chose the other `promotionDiscountRetainOption`.',
  ),
  PROMOTION_PAY_METHOD_DOES_NOT_MATCH: error(
    400,
    'PromotionPayMethodDoesNotMatchError',
    'The promotion does not apply to this payment method, for instance a card of another company.',
  ),
  UNAUTHORIZED: error(401, 'UnauthorizedError', 'The credential is missing, malformed, unknown or has expired.'),
  FORBIDDEN: error(
    403,
    'ForbiddenError',
    'The credential is valid but does not permit this, for instance because it has no access to the store.',
  ),
  BILLING_KEY_NOT_FOUND: error(404, 'BillingKeyNotFoundError', 'The addressed store has no such billing key.'),
  BILLING_KEY_NOT_ISSUED: error(404, 'BillingKeyNotIssuedError', 'The billing key exists but has not been issued.'),
  CASH_RECEIPT_NOT_FOUND: error(404, 'CashReceiptNotFoundError', 'The payment has no cash receipt.'),
  CASH_RECEIPT_NOT_ISSUED: error(
    404,
    'CashReceiptNotIssuedError',
    'The cash receipt is not in force: issuing failed, or it has been cancelled.',
  ),
  CHANNEL_NOT_FOUND: error(
    404,
    'ChannelNotFoundError',
    'The store has no such channel or channel group, or the billing key does not hold the channel.',
  ),
  IDENTITY_VERIFICATION_NOT_FOUND: error(
    404,
    'IdentityVerificationNotFoundError',
    'The addressed store has no such identity verification.',
  ),
  IDENTITY_VERIFICATION_NOT_SENT: error(
    404,
    'IdentityVerificationNotSentError',
    'The identity verification exists but was not sent through this API.',
  ),
  PAYMENT_CANCELLATION_NOT_FOUND: error(
    404,
    'PaymentCancellationNotFoundError',
    'The payment has no cancellation of this id.',
  ),
  PAYMENT_NOT_FOUND: error(404, 'PaymentNotFoundError', 'The addressed store has no such payment.'),
  PAYMENT_SCHEDULE_NOT_FOUND: error(
    404,
    'PaymentScheduleNotFoundError',
    'The addressed store has no such payment schedule.',
  ),
  PROFILE_SETTINGS_NOT_FOUND: error(404, 'ProfileSettingsNotFoundError', 'There is no such checkout profile.'),
  SESSION_NOT_FOUND: error(404, 'SessionNotFoundError', 'There is no such payment session.'),
  SESSION_EXPIRED: error(410, 'SessionExpiredError', 'The payment session has expired or was closed.'),
  PROMOTION_NOT_FOUND: error(404, 'PromotionNotFoundError', 'The store has no such promotion.'),
  WEBHOOK_NOT_FOUND: error(404, 'WebhookNotFoundError', 'The payment has no such webhook, or none at all.'),
  ALREADY_PAID: error(409, 'AlreadyPaidError', 'This payment id has been paid. Use a new one for a new order.'),
  ALREADY_PAID_OR_WAITING: error(
    409,
    'AlreadyPaidOrWaitingError',
    'This payment id has been paid or awaits a deposit or an asynchronous result.',
  ),
  BILLING_KEY_ALREADY_DELETED: error(409, 'BillingKeyAlreadyDeletedError', 'The billing key has been deleted.'),
  BILLING_KEY_ALREADY_ISSUED: error(
    409,
    'BillingKeyAlreadyIssuedError',
    'This issue token has already been confirmed.',
  ),
  CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: error(
    409,
    'CancellableAmountConsistencyBrokenError',
    'The cancellable amount differs from `currentCancellableAmount`. Read the payment again before cancelling.',
  ),
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: error(
    409,
    'CancelAmountExceedsCancellableAmountError',
    'The amount exceeds what is left to cancel.',
  ),
  CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT: error(
    409,
    'CancelTaxAmountExceedsCancellableTaxAmountError',
    'The taxable part of the amount exceeds what is left of the taxable part.',
  ),
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: error(
    409,
    'CancelTaxFreeAmountExceedsCancellableTaxFreeAmountError',
    'The tax-free part of the amount exceeds what is left of the tax-free part.',
  ),
  CASH_RECEIPT_ALREADY_ISSUED: error(
    409,
    'CashReceiptAlreadyIssuedError',
    'A cash receipt for this payment id is in force.',
  ),
  IDENTITY_VERIFICATION_ALREADY_SENT: error(
    409,
    'IdentityVerificationAlreadySentError',
    'The identity verification has been sent. Resend it instead.',
  ),
  IDENTITY_VERIFICATION_ALREADY_VERIFIED: error(
    409,
    'IdentityVerificationAlreadyVerifiedError',
    'The identity verification has been completed.',
  ),
  INFORMATION_MISMATCH: error(
    409,
    'InformationMismatchError',
    'A value given for verification differs from what was paid or issued in the checkout. Nothing was charged.',
  ),
  MAX_CANCEL_COUNT_REACHED: error(
    409,
    'MaxCancelCountReachedError',
    'There have been too many attempts to cancel this payment.',
  ),
  PAYMENT_ALREADY_CANCELLED: error(409, 'PaymentAlreadyCancelledError', 'The whole payment has been cancelled.'),
  PAYMENT_CANCELLATION_NOT_PENDING: error(
    409,
    'PaymentCancellationNotPendingError',
    'The cancellation has succeeded or failed and can no longer be stopped.',
  ),
  PAYMENT_NOT_PAID: error(409, 'PaymentNotPaidError', 'The operation needs a paid payment, and this one is not.'),
  PAYMENT_NOT_WAITING_FOR_DEPOSIT: error(
    409,
    'PaymentNotWaitingForDepositError',
    'The payment has no virtual account that awaits a deposit.',
  ),
  PAYMENT_SCHEDULE_ALREADY_EXISTS: error(
    409,
    'PaymentScheduleAlreadyExistsError',
    'A payment schedule that has not run yet holds this payment id or billing key.',
  ),
  PAYMENT_SCHEDULE_ALREADY_PROCESSED: error(
    409,
    'PaymentScheduleAlreadyProcessedError',
    'A payment schedule among those named has started or finished.',
  ),
  PAYMENT_SCHEDULE_ALREADY_REVOKED: error(
    409,
    'PaymentScheduleAlreadyRevokedError',
    'A payment schedule among those named has been revoked.',
  ),
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: error(
    409,
    'SumOfPartsExceedsCancelAmountError',
    'The tax-free part and the VAT together exceed the amount to cancel.',
  ),
  SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT: error(
    409,
    'SumOfPartsExceedsTotalAmountError',
    'The tax-free part and the VAT together exceed the total.',
  ),
  CHANNEL_SPECIFIC: error(
    502,
    'ChannelSpecificError',
    'Some or all of several channels failed; `failures` lists them.',
    channelOutcomes,
  ),
  PG_PROVIDER: error(
    502,
    'PgProviderError',
    'The payment gateway refused or could not be reached. A declined card is this error.',
    pgRefusal,
  ),
  ...platformPolicyErrors,
  ...platformPartnerErrors,
  ...platformTransferErrors,
  ...platformPayoutErrors,
  ...b2bErrors,
} as const

/**
 * Errors that belong to HTTP and to the envelope, so that no operation lists them: any request may be answered by one.
 */
export const envelopeErrors = {
  NOT_FOUND: error(404, 'NotFoundError', 'There is no such route.'),
  METHOD_NOT_ALLOWED: error(405, 'MethodNotAllowedError', 'The route does not support this method.'),
  IDEMPOTENCY_OUTSTANDING_REQUEST: error(
    409,
    'IdempotencyOutstandingRequestError',
    'A request with the same Idempotency-Key is still running. Wait and send it again.',
  ),
  PAYLOAD_TOO_LARGE: error(413, 'PayloadTooLargeError', 'The request body is too large.'),
  TOO_MANY_REQUESTS: error(429, 'TooManyRequestsError', 'Too many requests. Wait and try again.'),
  INTERNAL: error(500, 'InternalError', 'The server failed. It is safe to retry with the same Idempotency-Key.'),
  NOT_IMPLEMENTED: error(501, 'NotImplementedError', 'This server does not offer the operation.'),
} as const

/** The one table of errors. */
export const errors = { ...operationErrors, ...envelopeErrors }

export type ErrorType = keyof typeof errors

export const isErrorType = (type: string): type is ErrorType => Object.hasOwn(errors, type)

type Extra<Wire extends ErrorType> =
  (typeof errors)[Wire] extends ErrorDefinition<infer Fields extends Type.TProperties>
    ? Static<Type.TObject<Fields>>
    : never

/** The body of an error response: `type` identifies the error, `message` is for people. */
export type ErrorBody<Wire extends ErrorType = ErrorType> = Wire extends ErrorType
  ? { type: Wire; message?: string } & Extra<Wire>
  : never

/** The schema of an error's body. */
export const errorSchema = (type: ErrorType): Type.TObject => {
  const { name, description, extra } = errors[type]
  return object(name, description, { type: tag(type), message: optional(string('For people; may change.')), ...extra })
}
