import type { CardCompany } from './request.ts'

/** What card companies are called, as shoppers and PGs write it. By itself, so that a page need not load the whole contract. */
export const cardCompanyNames: Readonly<Record<CardCompany, readonly [korean: string, english: string]>> = {
  KOREA_DEVELOPMENT_BANK: ['산업은행', 'Korea Development Bank'],
  KFCC: ['새마을금고', 'MG Community Credit'],
  SHINHYUP: ['신협', 'Shinhyup'],
  EPOST: ['우체국', 'Korea Post'],
  SAVINGS_BANK_KOREA: ['저축은행', 'Savings banks'],
  KAKAO_BANK: ['카카오뱅크', 'KakaoBank'],
  WOORI_CARD: ['우리카드', 'Woori Card'],
  BC_CARD: ['BC카드', 'BC Card'],
  GWANGJU_CARD: ['광주카드', 'Kwangju Card'],
  SAMSUNG_CARD: ['삼성카드', 'Samsung Card'],
  SHINHAN_CARD: ['신한카드', 'Shinhan Card'],
  HYUNDAI_CARD: ['현대카드', 'Hyundai Card'],
  LOTTE_CARD: ['롯데카드', 'Lotte Card'],
  SUHYUP_CARD: ['수협카드', 'Suhyup Card'],
  CITI_CARD: ['씨티카드', 'Citi Card'],
  NH_CARD: ['NH농협카드', 'NH Card'],
  JEONBUK_CARD: ['전북카드', 'Jeonbuk Card'],
  JEJU_CARD: ['제주카드', 'Jeju Card'],
  HANA_CARD: ['하나카드', 'Hana Card'],
  KOOKMIN_CARD: ['KB국민카드', 'KB Kookmin Card'],
  K_BANK: ['케이뱅크', 'K bank'],
  TOSS_BANK: ['토스뱅크', 'Toss Bank'],
  MIRAE_ASSET_SECURITIES: ['미래에셋증권', 'Mirae Asset Securities'],
}
