import type { Bank, CardCompany, CheckoutView } from '@naru/contract'
import { cardCompanyNames } from '@naru/contract/card-company-names'

type Language = CheckoutView['language']
type Named = Readonly<Record<string, readonly [korean: string, english: string]>>

/** Banks that open virtual accounts or take transfers; others keep their code. */
const banks: Named & Readonly<Partial<Record<Bank, readonly [string, string]>>> = {
  KOOKMIN: ['KB국민은행', 'KB Kookmin Bank'],
  SHINHAN: ['신한은행', 'Shinhan Bank'],
  WOORI: ['우리은행', 'Woori Bank'],
  HANA: ['하나은행', 'Hana Bank'],
  NONGHYUP: ['NH농협은행', 'NH Bank'],
  LOCAL_NONGHYUP: ['지역농축협', 'Local Nonghyup'],
  IBK: ['IBK기업은행', 'IBK'],
  KDB: ['산업은행', 'KDB'],
  SUHYUP: ['수협은행', 'Suhyup Bank'],
  DAEGU: ['iM뱅크', 'iM Bank'],
  BUSAN: ['부산은행', 'Busan Bank'],
  KYONGNAM: ['경남은행', 'Kyongnam Bank'],
  KWANGJU: ['광주은행', 'Kwangju Bank'],
  JEONBUK: ['전북은행', 'Jeonbuk Bank'],
  JEJU: ['제주은행', 'Jeju Bank'],
  POST: ['우체국', 'Korea Post'],
  K_BANK: ['케이뱅크', 'K bank'],
  KAKAO: ['카카오뱅크', 'KakaoBank'],
  TOSS: ['토스뱅크', 'Toss Bank'],
  STANDARD_CHARTERED: ['SC제일은행', 'SC First Bank'],
  CITI: ['한국씨티은행', 'Citibank Korea'],
  KFCC: ['새마을금고', 'MG Community Credit'],
  SHINHYUP: ['신협', 'Shinhyup'],
  SAVINGS_BANK: ['저축은행', 'Savings banks'],
}

const wallets: Named = {
  KAKAOPAY: ['카카오페이', 'KakaoPay'],
  NAVERPAY: ['네이버페이', 'Naver Pay'],
  TOSSPAY: ['토스페이', 'Toss Pay'],
  TOSS_BRANDPAY: ['토스 브랜드페이', 'Toss BrandPay'],
  PAYCO: ['페이코', 'PAYCO'],
  SAMSUNGPAY: ['삼성페이', 'Samsung Pay'],
  SSGPAY: ['SSG페이', 'SSG Pay'],
  LPAY: ['L.페이', 'L.Pay'],
  APPLEPAY: ['애플페이', 'Apple Pay'],
  PAYPAL: ['페이팔', 'PayPal'],
  ALIPAY: ['알리페이', 'Alipay'],
  ALIPAY_HK: ['알리페이 홍콩', 'AlipayHK'],
  G_CASH: ['지캐시', 'GCash'],
  DANA: ['다나', 'DANA'],
  TOUCH_N_GO: ['터치앤고', "Touch 'n Go"],
  TRUE_MONEY: ['트루머니', 'TrueMoney'],
  WECHAT: ['위챗페이', 'WeChat Pay'],
}

const carriers: Named = {
  SKT: ['SKT', 'SKT'],
  KT: ['KT', 'KT'],
  LGU: ['LG U+', 'LG U+'],
  SKT_MVNO: ['SKT 알뜰폰', 'SKT MVNO'],
  KT_MVNO: ['KT 알뜰폰', 'KT MVNO'],
  LGU_MVNO: ['LG U+ 알뜰폰', 'LG U+ MVNO'],
  HELLO: ['헬로모바일', 'Hello Mobile'],
  KCT: ['KCT', 'KCT'],
  SK7: ['SK 7mobile', 'SK 7mobile'],
}

const giftCertificates: Named = {
  CULTURELAND: ['컬쳐랜드', 'Cultureland'],
  BOOKNLIFE: ['북앤라이프 도서문화상품권', 'Booknlife'],
  SMART_MUNSANG: ['스마트문상', 'Smart Munsang'],
  HAPPYMONEY: ['해피머니', 'Happy Money'],
  CULTUREGIFT: ['문화상품권', 'Culture Gift'],
}

const outcomes: Named = {
  approve: ['승인', 'Approved'],
  decline: ['결제 거절', 'Declined'],
  'decline-insufficient': ['잔액 부족', 'Insufficient funds'],
  'decline-limit': ['한도 초과', 'Over the limit'],
  'decline-lost': ['분실 카드', 'Card reported lost'],
  'shopper-cancel': ['구매자 취소', 'Cancelled by the shopper'],
  'shopper-timeout': ['인증 시간 초과', 'Timed out'],
  maintenance: ['PG 점검 중', 'PG under maintenance'],
  'slow-5': ['5초 뒤 응답', 'Responds after 5 s'],
  'doubt-approved': ['응답 유실, 실제로는 승인', 'Response lost, actually approved'],
  'doubt-failed': ['응답 유실, 실제로는 거절', 'Response lost, actually declined'],
  'pending-paid-10': ['10초 뒤 승인', 'Approved after 10 s'],
  'pending-failed-10': ['10초 뒤 실패', 'Failed after 10 s'],
  'late-success': ['실패 후 뒤늦게 승인', 'Declined, then approved after all'],
  dispute: ['승인 후 이의제기', 'Approved, then disputed'],
  'cancel-decline': ['승인, 취소는 거절', 'Approved, refunds refused'],
  'crypto-underpaid': ['5초 뒤 절반만 입금', 'Half of it arrives after 5 s'],
  'va-auto-5': ['5초 뒤 자동 입금', 'Deposited after 5 s'],
  'va-fail': ['발급 실패', 'Cannot be issued'],
  'va-never': ['입금되지 않음', 'Never deposited'],
  'va-wrong-amount': ['다른 금액 입금', 'Wrong amount deposited'],
  'otp-wrong': ['인증번호 오류', 'Every code is wrong'],
  'identity-limit': ['오늘 한도 초과', 'Daily limit reached'],
  'identity-under-age': ['만 14세 미만', 'Under age'],
}

const checkoutMethods: Named = {
  CARD_KR: ['카드', 'Card'],
  CARD_INTERNATIONAL: ['해외 카드', 'International card'],
  N_PAY: ['네이버페이', 'Naver Pay'],
  KAKAO_PAY: ['카카오페이', 'KakaoPay'],
  TOSS_PAY: ['토스페이', 'Toss Pay'],
  PAY_PAL: ['페이팔', 'PayPal'],
  UNION_PAY: ['유니온페이', 'UnionPay'],
  ALIPAY_CN: ['알리페이', 'Alipay'],
  ALIPAY_HK: ['알리페이 홍콩', 'AlipayHK'],
  WE_CHAT_PAY: ['위챗페이', 'WeChat Pay'],
  CONVENIENCE_STORE_JP: ['편의점', 'Convenience store'],
  KLARNA: ['클라르나', 'Klarna'],
  G_CASH: ['지캐시', 'GCash'],
  TRUE_MONEY: ['트루머니', 'TrueMoney'],
  DANA: ['다나', 'DANA'],
  TOUCH_N_GO: ['터치앤고', "Touch 'n Go"],
  PAY_PAY: ['페이페이', 'PayPay'],
  AMAZON_PAY: ['아마존페이', 'Amazon Pay'],
  RAKUTEN_PAY: ['라쿠텐페이', 'Rakuten Pay'],
}

export const checkoutMethodName = (code: string, language: Language) => named(checkoutMethods, code, language)

const named = (names: Named, code: string, language: Language): string =>
  names[code]?.[language === 'ko' ? 0 : 1] ?? code

export const cardCompanyName = (code: CardCompany, language: Language) => named(cardCompanyNames, code, language)
export const bankName = (code: Bank, language: Language) => named(banks, code, language)
export const walletName = (code: string, language: Language) => named(wallets, code, language)
export const carrierName = (code: string, language: Language) => named(carriers, code, language)
export const giftCertificateName = (code: string, language: Language) => named(giftCertificates, code, language)
export const outcomeName = (code: string, language: Language) => named(outcomes, code, language)
