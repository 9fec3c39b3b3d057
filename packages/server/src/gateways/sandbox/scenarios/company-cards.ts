import type { CardCompany } from '@naru/contract'

/**
 * A card of each company. Numbers that begin with 9 are for use within a country, so that nobody holds one of these. Every card
 * with the same first six digits is of the same company.
 */
export const companyCards: Readonly<Record<CardCompany, string>> = {
  SHINHAN_CARD: '9400010000000006',
  SAMSUNG_CARD: '9400020000000005',
  HYUNDAI_CARD: '9400030000000004',
  KOOKMIN_CARD: '9400040000000003',
  LOTTE_CARD: '9400050000000002',
  HANA_CARD: '9400060000000001',
  WOORI_CARD: '9400070000000000',
  BC_CARD: '9400080000000009',
  NH_CARD: '9400090000000008',
  CITI_CARD: '9400100000000005',
  KAKAO_BANK: '9400110000000004',
  TOSS_BANK: '9400120000000003',
  K_BANK: '9400130000000002',
  GWANGJU_CARD: '9400140000000001',
  JEONBUK_CARD: '9400150000000000',
  JEJU_CARD: '9400160000000009',
  SUHYUP_CARD: '9400170000000008',
  SHINHYUP: '9400180000000007',
  KFCC: '9400190000000006',
  EPOST: '9400200000000003',
  SAVINGS_BANK_KOREA: '9400210000000002',
  KOREA_DEVELOPMENT_BANK: '9400220000000001',
  MIRAE_ASSET_SECURITIES: '9400230000000000',
}

const companyByBin: ReadonlyMap<string, string> = new Map(
  Object.entries(companyCards).map(([company, number]) => [number.slice(0, 6), company]),
)

/** Whose card it is, where the number says so. */
export const companyOfNumber = (number: string): string | undefined =>
  companyByBin.get(number.replace(/[\s-]/g, '').slice(0, 6))
