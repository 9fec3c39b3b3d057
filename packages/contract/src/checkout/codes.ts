/** The codes of PortOne's browser SDK that this server and its script answer with. */

/** The promise is rejected: no window was opened. */
export const refusalCodes = [
  'BadRequest',
  'RequestParseFailed',
  'StoreNotFound',
  'ChannelNotFound',
  'PaymentAlreadyPaid',
  'AmountNotEqualToPredefined',
  'ConfirmUrlRequired',
  'IdentityVerificationAlreadyVerified',
  'InvalidEntityState',
  'PGProviderError',
  'ResourceExhausted',
  'TransactionNotFound',
  'Unavailable',
  'UnknownError',
  'FAILURE_TYPE_PG',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** The promise resolves: something failed in the window, or the order was paid, or the person verified, elsewhere meanwhile. */
export const failureCodes = [
  'FAILURE_TYPE_PG',
  'ConfirmProcessFailed',
  'PORTONE_ERROR',
  'PaymentAlreadyPaid',
  'IdentityVerificationAlreadyVerified',
] as const
export type FailureCode = (typeof failureCodes)[number]
