import type { GatewayFailure } from '../../port/terms.ts'

/** Every refusal of the sandbox PG, in Korean like a Korean PG's, since merchants show these texts to shoppers. */
const messages = {
  SBX_DECLINED: '카드사에서 승인을 거절했습니다',
  SBX_INSUFFICIENT_FUNDS: '잔액이 부족합니다',
  SBX_LOST_CARD: '분실 신고된 카드입니다',
  SBX_STOLEN_CARD: '도난 신고된 카드입니다',
  SBX_EXPIRED_CARD: '유효기간이 지난 카드입니다',
  SBX_LIMIT_EXCEEDED: '카드 한도를 초과했습니다',
  SBX_VELOCITY: '짧은 시간에 승인을 너무 많이 요청했습니다',
  SBX_FRAUD: '부정 사용이 의심되어 승인을 거절했습니다',
  SBX_INVALID_NUMBER: '카드 번호가 올바르지 않습니다',
  SBX_INVALID_EXPIRY: '유효기간 형식이 올바르지 않습니다',
  SBX_INVALID_BIRTH: '생년월일 또는 사업자등록번호가 올바르지 않습니다',
  SBX_INVALID_PASSWORD: '카드 비밀번호가 올바르지 않습니다',
  SBX_INVALID_INSTALLMENT: '할부 개월 수가 올바르지 않습니다',
  SBX_INVALID_ORDER_NAME: '주문명이 PG의 제한을 벗어났습니다',
  SBX_UNKNOWN_TEST_CODE: '알 수 없는 테스트 코드입니다',
  PAY_PROCESS_CANCELED: '사용자가 결제를 취소했습니다',
  SBX_AUTH_EXPIRED: '결제 인증 시간이 만료되었습니다',
  SBX_AUTH_NOT_FOUND: '결제 인증 정보를 찾을 수 없습니다',
  SBX_AUTH_ALREADY_USED: '이미 사용된 결제 인증입니다',
  SBX_AUTH_AMOUNT_MISMATCH: '인증된 금액과 승인 요청 금액이 다릅니다',
  SBX_MAINTENANCE: 'PG 시스템 점검 중입니다. 잠시 후 다시 시도해 주세요',
  SBX_IDEMPOTENCY_MISMATCH: '같은 요청 번호로 다른 내용의 요청이 이미 처리되었습니다',
  SBX_BILLING_KEY_NOT_FOUND: '등록되지 않았거나 삭제된 빌링키입니다',
  SBX_DELETE_REFUSED: '빌링키 삭제가 거절되었습니다',
  SBX_NOT_FOUND: '거래를 찾을 수 없습니다',
  SBX_CANCEL_REFUSED: '취소가 거절되었습니다',
  SBX_CANCEL_NOT_ALLOWED: '취소할 수 없는 상태의 거래입니다',
  SBX_CANCEL_EXCEEDS_REMAINING: '취소 가능한 금액을 초과했습니다',
  SBX_CANCEL_NOT_PENDING: '진행 중인 취소가 아닙니다',
  SBX_CANCEL_STOPPED: '중단된 취소입니다',
  SBX_PARTIAL_NOT_ALLOWED: '부분 취소를 지원하지 않는 거래입니다',
  SBX_CAPTURE_NOT_AVAILABLE: '수동 매입을 사용하지 않는 상점입니다',
  SBX_CAPTURE_NOT_ALLOWED: '매입할 수 없는 상태의 거래입니다',
  SBX_CAPTURE_REFUSED: '매입 요청이 거절되었습니다',
  SBX_RECEIPT_REFUSED: '현금영수증 발급이 거절되었습니다',
  SBX_ESCROW_REFUSED: '에스크로 요청이 거절되었습니다',
  SBX_ESCROW_NOT_ALLOWED: '배송 또는 구매 확정 상태에서 할 수 없는 요청입니다',
  SBX_STORE_RECEIPT_REFUSED: '하위 상점 매출전표 등록이 거절되었습니다',
  SBX_BANK_DOWN: '은행 점검 중으로 가상계좌를 발급할 수 없습니다',
  SBX_BANK_NOT_SUPPORTED: '가상계좌를 발급할 수 없는 은행입니다',
  SBX_CLOSE_REFUSED: '가상계좌 말소가 거절되었습니다',
  SBX_CLOSE_NOT_ALLOWED: '말소할 수 없는 상태의 가상계좌입니다',
  SBX_REFUND_ACCOUNT_REQUIRED: '환불 계좌 정보가 필요합니다',
  SBX_HOLDER_MISMATCH: '환불 계좌의 예금주명이 일치하지 않습니다',
  SBX_ACCOUNT_CLOSED: '해지된 환불 계좌입니다',
  SBX_OTP_WRONG: '인증번호가 일치하지 않습니다',
  SBX_OTP_NOT_SENT: '발송된 인증번호가 없습니다',
  SBX_IDENTITY_LIMIT: '오늘은 더 이상 본인인증을 요청할 수 없습니다',
  SBX_IDENTITY_NOT_APPROVED: '아직 앱에서 인증이 완료되지 않았습니다',
  SBX_IDENTITY_NOT_FOUND: '본인인증 요청을 찾을 수 없습니다',
  SBX_IDENTITY_NOT_WAITING: '인증을 기다리는 요청이 아닙니다',
  SBX_UNDER_AGE: '만 14세 미만은 이용할 수 없습니다',
  SBX_BANK_HOLDER_MISMATCH: '받는 계좌의 예금주명이 일치하지 않습니다',
  SBX_BANK_NO_ACCOUNT: '존재하지 않는 계좌입니다',
  SBX_BANK_MAINTENANCE: '은행 점검 중입니다. 잠시 후 다시 시도해 주세요',
  SBX_BANK_REFUSED: '은행에서 이체를 거절했습니다',
  SBX_BANK_INSUFFICIENT_BALANCE: '출금 계좌의 잔액이 부족합니다',
  SBX_BANK_CURRENCY_NOT_SUPPORTED: '원화만 이체할 수 있습니다',
} as const

export type PgCode = keyof typeof messages

/** The failure that a code read from the ledger stands for. */
export const recordedFailure = (pgCode: string | null): GatewayFailure => {
  const known = Object.keys(messages).find((code): code is PgCode => code === pgCode)
  return failureOf(known ?? 'SBX_DECLINED')
}

export const failureOf = (pgCode: PgCode): GatewayFailure => ({ pgCode, pgMessage: messages[pgCode] })

/** Where a window is for something else than a payment, the PG says so. */
const inWindows: Readonly<Record<'BILLING_KEY' | 'IDENTITY', Readonly<Partial<Record<PgCode, string>>>>> = {
  BILLING_KEY: {
    PAY_PROCESS_CANCELED: '사용자가 결제 수단 등록을 취소했습니다',
    SBX_AUTH_EXPIRED: '결제 수단 등록 시간이 만료되었습니다',
  },
  IDENTITY: {
    PAY_PROCESS_CANCELED: '사용자가 본인인증을 취소했습니다',
    SBX_AUTH_EXPIRED: '본인인증 시간이 만료되었습니다',
  },
}

/** As `failureOf`, in a window that is for this. */
export const windowFailure = (kind: 'PAYMENT' | keyof typeof inWindows, pgCode: PgCode): GatewayFailure => {
  const own = kind === 'PAYMENT' ? undefined : inWindows[kind][pgCode]
  return { pgCode, pgMessage: own ?? messages[pgCode] }
}

/** The outcome of a definitive refusal. */
export const refusedWith = (pgCode: PgCode) => ({ kind: 'failed', failure: failureOf(pgCode) }) as const
