import type {
  Bank,
  PlatformPartnerTaxationType,
  PlatformPartnerTypeName,
  PlatformTransferStatus,
  PlatformTransferType,
} from '@naru/contract'
import { bankInfos } from '../../../merchants/banks.ts'

/** In which words a sheet is written. */
export type Language = 'ko' | 'en'

/**
 * Korean, as PortOne's sheets are, unless the client asks for another language by name: then headings are English and
 * values are those of the API.
 */
export const languageOf = (acceptLanguage: string | undefined): Language => {
  const [first = '*'] = (acceptLanguage ?? '*').split(',')
  const [wanted = '*'] = first.trim().toLowerCase().split(/[;-]/)
  return wanted === '' || wanted === '*' || wanted === 'ko' ? 'ko' : 'en'
}

/** A value of the API in Korean; one that has no Korean name stays as it is. */
export const inWords = (value: string | undefined, language: Language): string | undefined =>
  value === undefined || language === 'en' ? value : (koreanWords.get(value) ?? value)

type Named =
  | PlatformTransferType
  | PlatformTransferStatus
  | PlatformPartnerTypeName
  | PlatformPartnerTaxationType
  | 'CARD'
  | 'TRANSFER'
  | 'VIRTUAL_ACCOUNT'
  | 'GIFT_CERTIFICATE'
  | 'MOBILE'
  | 'EASY_PAY'
  | 'CONVENIENCE_STORE'
  | 'CRYPTO'
  | 'VERIFIED'
  | 'VERIFY_FAILED'
  | 'VERIFY_ERROR'
  | 'NOT_VERIFIED'
  | 'UNKNOWN'
  | 'NOT_FOUND'
  | 'IN_BUSINESS'
  | 'CLOSED'
  | 'SUSPENDED'
  | 'NOT_CONNECTED'
  | 'CONNECT_PENDING'
  | 'CONNECTED'
  | 'CONNECT_FAILED'
  | 'DISCONNECT_PENDING'

/** No value means two things in a sheet. */
const korean: Readonly<Record<Named, string>> = {
  ORDER: '주문 정산',
  ORDER_CANCEL: '주문 취소 정산',
  MANUAL: '수기 정산',
  SCHEDULED: '정산 예약',
  IN_PROCESS: '정산 중',
  SETTLED: '정산 완료',
  PAYOUT_CONFIRMED: '지급 확정',
  IN_PAYOUT: '지급 중',
  PAID_OUT: '지급 완료',
  BUSINESS: '사업자',
  WHT_PAYER: '원천징수 대상자',
  NON_WHT_PAYER: '원천징수 비대상자',
  NORMAL: '일반 과세',
  SIMPLE_TAX_INVOICE_ISSUER: '간이 과세(세금계산서 발행)',
  SIMPLE: '간이 과세(세금계산서 미발행)',
  TAX_FREE: '면세',
  CARD: '카드',
  TRANSFER: '계좌이체',
  VIRTUAL_ACCOUNT: '가상계좌',
  GIFT_CERTIFICATE: '상품권',
  MOBILE: '휴대폰 소액결제',
  EASY_PAY: '간편결제',
  CONVENIENCE_STORE: '편의점 결제',
  CRYPTO: '가상자산',
  VERIFIED: '확인됨',
  VERIFY_FAILED: '예금주 불일치',
  VERIFY_ERROR: '조회 오류',
  NOT_VERIFIED: '미확인',
  UNKNOWN: '알 수 없음',
  NOT_FOUND: '사업자 없음',
  IN_BUSINESS: '영업 중',
  CLOSED: '폐업',
  SUSPENDED: '휴업',
  NOT_CONNECTED: '연결되지 않음',
  CONNECT_PENDING: '연결 대기',
  CONNECTED: '연결됨',
  CONNECT_FAILED: '연결 실패',
  DISCONNECT_PENDING: '연결 해제 대기',
}

const koreanWords: ReadonlyMap<string, string> = new Map(Object.entries(korean))

/** What a bank is called in Korean, or its code. */
export const bankName = (bank: Bank, language: Language): string =>
  language === 'en' ? bank : (bankNames.get(bank) ?? bank)

const bankNames = new Map(bankInfos().map(({ bank, name }) => [bank, name.ko]))
