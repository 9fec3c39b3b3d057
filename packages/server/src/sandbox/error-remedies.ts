import type { ErrorType } from '@naru/contract'
import { platformRemedies, type Remedy } from './platform-error-remedies.ts'

const readPayment: Remedy = [
  'read the payment, and cancel at most what is left',
  '결제를 조회하고, 남은 금액 이하로 취소합니다',
]
const checkId = (en: string, ko: string): Remedy => [
  `check the id and the store: ${en} of other stores are not found`,
  `ID와 상점을 확인합니다. 다른 상점의 ${ko} 찾을 수 없습니다`,
]

const paymentRemedies = {
  INVALID_REQUEST: ['fix the field that the message names', '메시지에 나온 필드를 고칩니다'],
  UNAUTHORIZED: [
    'send `Authorization: PortOne` and an API secret of this server, or log in again',
    '`Authorization: PortOne` 뒤에 이 서버의 API 시크릿을 보내거나 다시 로그인합니다',
  ],
  FORBIDDEN: [
    'leave out `storeId`, or use a secret that may access the store',
    '`storeId`를 빼거나, 그 상점에 접근할 수 있는 시크릿을 씁니다',
  ],
  PAYMENT_NOT_FOUND: checkId('payments', '결제는'),
  ALREADY_PAID: [
    'read the payment, if it is the same order: `PAID`, or `PAY_PENDING` while the PG has yet to decide; otherwise use a new `paymentId`',
    '같은 주문이면 결제를 조회합니다. `PAID`이거나 PG의 결과를 기다리는 `PAY_PENDING`입니다. 다른 주문이면 새 `paymentId`를 씁니다',
  ],
  PROMOTION_PAY_METHOD_DOES_NOT_MATCH: [
    'pay with a card of the promotion, or leave the promotion out',
    '프로모션 대상 카드로 결제하거나 프로모션을 뺍니다',
  ],
  DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT: ['leave the promotion out', '프로모션을 뺍니다'],
  MAX_TRANSACTION_COUNT_REACHED: ['use a new id', '새 ID를 씁니다'],
  CHANNEL_NOT_FOUND: [
    'use a channel key of this store: `naru channel list`',
    '이 상점의 채널 키를 씁니다: `naru channel list`',
  ],
  SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT: [
    'make the tax-free amount and the VAT at most the total',
    '면세 금액과 부가세의 합이 총 금액을 넘지 않게 합니다',
  ],
  PAYMENT_SCHEDULE_ALREADY_EXISTS: [
    'revoke the schedule first, or use another id',
    '예약을 먼저 취소하거나 다른 ID를 씁니다',
  ],
  PG_PROVIDER: [
    'show `pgMessage` to the buyer, who can try another card. If `pgCode` is `NARU_RESULT_UNKNOWN`, do not pay again: read the payment or wait for the webhook ([all codes](LINK))',
    '고객에게 `pgMessage`를 보여 주고 다른 카드로 시도하게 합니다. `pgCode`가 `NARU_RESULT_UNKNOWN`이면 다시 결제하지 말고 결제를 조회하거나 웹훅을 기다립니다([모든 코드](LINK))',
  ],
  BILLING_KEY_NOT_FOUND: checkId('billing keys', '빌링키는'),
  BILLING_KEY_ALREADY_DELETED: ['have the buyer register a card again', '고객이 카드를 다시 등록하게 합니다'],
  INVALID_PAYMENT_TOKEN: [
    'use the token that the payment window returned for this payment; open another window if it has expired',
    '결제창이 이 결제에 대해 돌려준 토큰을 씁니다. 만료되었으면 결제창을 다시 엽니다',
  ],
  INFORMATION_MISMATCH: [
    'compare your order with what the buyer saw; nothing was charged',
    '고객이 본 주문과 서버의 주문을 비교합니다. 청구되지 않았습니다',
  ],
  PAYMENT_NOT_PAID: ['read the payment, and wait until it is paid', '결제를 조회하고, 결제가 완료될 때까지 기다립니다'],
  NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT: [
    'cancel a larger amount, or keep the discount with `promotionDiscountRetainOption`',
    '더 큰 금액을 취소하거나, `promotionDiscountRetainOption`으로 할인을 유지합니다',
  ],
  PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED: [
    'send the option of the first partial cancellation',
    '첫 부분 취소와 같은 옵션을 보냅니다',
  ],
  CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN: [
    'read the payment: somebody else has cancelled a part of it',
    '결제를 조회합니다. 그사이 일부가 취소되었습니다',
  ],
  CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT: readPayment,
  CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT: readPayment,
  CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT: readPayment,
  MAX_CANCEL_COUNT_REACHED: ['ask the payment gateway to refund it', 'PG사에 환불을 요청합니다'],
  PAYMENT_ALREADY_CANCELLED: ['nothing: all of it is refunded', '할 일이 없습니다. 전액 환불되었습니다'],
  SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT: [
    'make the tax-free amount and the VAT at most the amount to cancel',
    '면세 금액과 부가세의 합이 취소 금액을 넘지 않게 합니다',
  ],
  PAYMENT_CANCELLATION_NOT_FOUND: [
    'read the payment: it lists its cancellations',
    '결제를 조회하면 취소 내역이 나옵니다',
  ],
  PAYMENT_CANCELLATION_NOT_PENDING: [
    'read the payment: the cancellation is over',
    '결제를 조회합니다. 취소 처리가 끝났습니다',
  ],
  PAYMENT_NOT_WAITING_FOR_DEPOSIT: [
    'read the payment; cancel it if it is paid',
    '결제를 조회합니다. 결제되었으면 취소합니다',
  ],
  MAX_WEBHOOK_RETRY_COUNT_REACHED: ['read the payment instead', '웹훅 대신 결제를 조회합니다'],
  WEBHOOK_NOT_FOUND: [
    'leave out `webhookId` to resend the latest webhook',
    '`webhookId`를 빼면 마지막 웹훅을 재발송합니다',
  ],
  ALREADY_PAID_OR_WAITING: ['use a new `paymentId` for each charge', '청구할 때마다 새 `paymentId`를 씁니다'],
  PAYMENT_SCHEDULE_NOT_FOUND: checkId('schedules', '예약은'),
  PAYMENT_SCHEDULE_ALREADY_PROCESSED: ['cancel the payment instead', '예약 대신 결제를 취소합니다'],
  PAYMENT_SCHEDULE_ALREADY_REVOKED: ['nothing: it will not be charged', '할 일이 없습니다. 청구되지 않습니다'],
  CHANNEL_SPECIFIC: [
    'read `failures` and `succeededChannels`, and repeat it for the failed channels',
    '`failures`와 `succeededChannels`를 확인하고, 실패한 채널만 다시 요청합니다',
  ],
  BILLING_KEY_ALREADY_ISSUED: ['use the billing key of the first confirmation', '첫 승인에서 받은 빌링키를 씁니다'],
  BILLING_KEY_NOT_ISSUED: [
    'confirm the billing key first, or let it expire',
    '빌링키를 먼저 승인하거나 만료되게 둡니다',
  ],
  CASH_RECEIPT_ALREADY_ISSUED: [
    'read the receipt; cancel it before you issue another',
    '현금영수증을 조회합니다. 다시 발급하려면 먼저 취소합니다',
  ],
  CASH_RECEIPT_NOT_FOUND: ['issue a receipt first', '현금영수증을 먼저 발급합니다'],
  CASH_RECEIPT_NOT_ISSUED: ['read the receipt: its status says why', '현금영수증을 조회합니다. 상태에 이유가 있습니다'],
  PROMOTION_NOT_FOUND: checkId('promotions', '프로모션은'),
  MAX_TTL_EXCEEDED: ['send a shorter `ttlSeconds`', '`ttlSeconds`를 줄입니다'],
  SESSION_NOT_FOUND: checkId('sessions', '세션은'),
  SESSION_EXPIRED: ['create another session', '세션을 다시 만듭니다'],
  PROFILE_SETTINGS_NOT_FOUND: [
    'create the profile: `naru checkout profile set`',
    '프로필을 만듭니다: `naru checkout profile set`',
  ],
  IDENTITY_VERIFICATION_NOT_FOUND: checkId('verifications', '본인인증은'),
  IDENTITY_VERIFICATION_ALREADY_SENT: ['resend it, or use a new id', '재전송하거나 새 ID를 씁니다'],
  IDENTITY_VERIFICATION_ALREADY_VERIFIED: [
    'read the verification; use a new id for another person',
    '본인인증을 조회합니다. 다른 사람이면 새 ID를 씁니다',
  ],
  IDENTITY_VERIFICATION_NOT_SENT: ['send it first', '먼저 인증 요청을 보냅니다'],
} as const satisfies Partial<Record<ErrorType, Remedy>>

/** Of any request. */
const envelopeRemedies = {
  NOT_FOUND: ['check the method and the path', '메서드와 경로를 확인합니다'],
  METHOD_NOT_ALLOWED: ['use a method that the header `Allow` lists', '`Allow` 헤더에 나온 메서드를 씁니다'],
  IDEMPOTENCY_OUTSTANDING_REQUEST: [
    'wait a moment, and send the same request with the same key',
    '잠시 뒤 같은 요청을 같은 키로 다시 보냅니다',
  ],
  PAYLOAD_TOO_LARGE: ['send less in one request', '한 번에 보내는 데이터를 줄입니다'],
  TOO_MANY_REQUESTS: ['wait a minute, then try again', '1분 기다렸다가 다시 시도합니다'],
  INTERNAL: [
    'send it again with the same `Idempotency-Key`. If it stays, look for the request id in the log',
    '같은 `Idempotency-Key`로 다시 보냅니다. 계속되면 로그에서 요청 ID를 찾습니다',
  ],
  NOT_IMPLEMENTED: ['do without: this server does not have the operation', '이 서버에는 없는 API입니다'],
} as const satisfies Partial<Record<ErrorType, Remedy>>

export const remedies: Readonly<Record<ErrorType, Remedy>> = {
  ...paymentRemedies,
  ...platformRemedies,
  ...envelopeRemedies,
}
