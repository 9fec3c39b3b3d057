import type { B2bBusinessInfo, PlatformCompanyState } from '@naru/contract'
import type { BusinessAnswer } from './company-answer.ts'
import { sandboxCompanies } from './sandbox-companies.ts'

/** The sandbox's companies, with the rest of what a register says of them, in the words of the Korean tax office. */
export const sandboxBusinesses = async (number: string): Promise<BusinessAnswer> => {
  const answer = await sandboxCompanies(number)
  return answer.kind === 'found' ? { kind: 'found', info: infoOf(number, answer.state) } : answer
}

const infoOf = (brn: string, state: PlatformCompanyState): B2bBusinessInfo => {
  const { taxationType, taxationTypeDate, businessStatus, closedSuspendedDate } = state
  return {
    brn,
    name: `나루상점 ${brn.slice(-4)}`,
    ceoName: '김나루',
    zipCode: '04524',
    address: '서울특별시 중구 세종대로 110',
    // The middle two digits tell: 81 to 88 are corporations.
    businessEntityType: /^\d{3}8[1-8]/.test(brn) ? '법인사업자' : '개인사업자',
    businessStatus: statuses[businessStatus],
    taxationType: taxationTypes[taxationType],
    openingDate: '2020-01-02',
    businessType: '소매업',
    businessClass: '전자상거래 소매업',
    businessCategoryCode: '525101',
    taxOfficeCode: '104',
    taxOfficeName: '남대문세무서',
    ...(taxationTypeDate !== undefined && { simplifiedTaxationTypeDate: taxationTypeDate }),
    ...(businessStatus === 'CLOSED' && closedSuspendedDate !== undefined && { closingDate: closedSuspendedDate }),
  }
}

const statuses = {
  IN_BUSINESS: '계속사업자',
  SUSPENDED: '휴업자',
  CLOSED: '폐업자',
} as const satisfies Readonly<Record<PlatformCompanyState['businessStatus'], string>>

const taxationTypes = {
  NORMAL: '부가가치세 일반과세자',
  SIMPLE_TAX_INVOICE_ISSUER: '부가가치세 간이과세자(세금계산서 발급사업자)',
  SIMPLE: '부가가치세 간이과세자',
  TAX_FREE: '부가가치세 면세사업자',
  ASSIGNED_ID_NUMBER: '고유번호가 부여된 단체',
  SPECIAL: '부가가치세 과세특례자',
} as const satisfies Readonly<Record<PlatformCompanyState['taxationType'], string>>
