import type { Snapshot } from '../../entities/entity.ts'
import type { OrderSummary, TransferSummary } from '../summary.ts'
import type { Cell } from './cell.ts'
import { bankName, inWords, type Language } from './words.ts'

/** What a line of the sheet is made from. A manual transfer has no contract. */
export type SheetRow = {
  readonly transfer: TransferSummary
  readonly partner: Snapshot<'PARTNER'>
  readonly contract: Snapshot<'CONTRACT'> | undefined
}

export type SheetColumn = {
  readonly heading: Readonly<Record<Language, string>>
  readonly cell: (row: SheetRow, language: Language) => Cell
}

type Partner = Snapshot<'PARTNER'>['content']
type Business = Extract<Partner['type'], { readonly type: 'BUSINESS' }>

const column = (ko: string, en: string, cell: SheetColumn['cell']): SheetColumn => ({ heading: { ko, en }, cell })

/** Of orders and their cancellations; empty for manual transfers. */
const ofOrder = (ko: string, en: string, cell: (order: OrderSummary, language: Language) => Cell): SheetColumn =>
  column(ko, en, ({ transfer }, language) => (transfer.type === 'MANUAL' ? undefined : cell(transfer, language)))

const ofPartner = (ko: string, en: string, cell: (partner: Partner, language: Language) => Cell): SheetColumn =>
  column(ko, en, ({ partner }, language) => cell(partner.content, language))

/** Of partners that are businesses; empty for individuals. */
const ofBusiness = (ko: string, en: string, cell: (business: Business) => Cell): SheetColumn =>
  ofPartner(ko, en, ({ type }) => (type.type === 'BUSINESS' ? cell(type) : undefined))

const birthdateOf = ({ type }: Partner): Cell => (type.type === 'BUSINESS' ? undefined : type.birthdate)

/** How a business is taxed, and what kind of income an individual has: one column today, two in earlier versions. */
export const taxationType = ofPartner('과세 유형', 'Taxation type', ({ type }, language) =>
  type.type === 'BUSINESS' ? inWords(type.taxationType, language) : undefined,
)
export const incomeType = ofPartner('소득 유형', 'Income type', ({ type }, language) =>
  type.type === 'BUSINESS' ? undefined : inWords(type.type, language),
)

/** The columns that do not depend on the merchant, by their keys, in the order of a sheet that asks for none. */
export const fixedColumns = {
  TRANSFER_MEMO: column('메모', 'Memo', ({ transfer }) => transfer.memo ?? undefined),
  TRANSFER_TYPE: column('정산 유형', 'Type', ({ transfer }, language) => inWords(transfer.type, language)),
  TRANSFER_STATUS: column('상태', 'Status', ({ transfer }, language) => inWords(transfer.status, language)),
  TRANSFER_ID: column('정산건 아이디', 'Transfer id', ({ transfer }) => transfer.transferId),
  TRANSFER_SETTLEMENT_DATE: column('정산일', 'Settlement date', ({ transfer }) => transfer.settlementDate),
  TRANSFER_SETTLEMENT_AMOUNT: column('정산 금액', 'Settlement amount', ({ transfer }) => transfer.amounts.settlement),
  TRANSFER_SETTLEMENT_TAX_FREE_AMOUNT: column(
    '정산 면세 금액',
    'Tax-free settlement amount',
    ({ transfer }) => transfer.amounts.settlementTaxFree,
  ),
  TRANSFER_SETTLEMENT_CURRENCY: column('정산 통화', 'Currency', ({ transfer }) => transfer.currency),
  TRANSFER_SETTLEMENT_START_DATE: ofOrder('정산 시작일', 'Settlement start date', (order) => order.settlementStartDate),
  TRANSFER_ORDER_NAME: ofOrder('주문명', 'Order name', ({ payment }) => payment.orderName),
  TRANSFER_ORDER_AMOUNT: ofOrder('주문 금액', 'Order amount', ({ amounts }) => amounts.order),
  TRANSFER_ORDER_TAX_FREE_AMOUNT: ofOrder(
    '주문 면세 금액',
    'Tax-free order amount',
    ({ amounts }) => amounts.orderTaxFree,
  ),
  TRANSFER_PAYMENT_ID: ofOrder('결제 아이디', 'Payment id', ({ payment }) => payment.id),
  TRANSFER_PAYMENT_METHOD: ofOrder('결제 수단', 'Payment method', ({ paymentMethodType }, language) =>
    inWords(paymentMethodType ?? undefined, language),
  ),
  TRANSFER_PAYMENT_AMOUNT: ofOrder('결제 금액', 'Payment amount', ({ amounts }) => amounts.payment),
  TRANSFER_PAYMENT_SUPPLY_AMOUNT: ofOrder('결제 공급가액', 'Supply value', ({ amounts }) => amounts.paymentSupply),
  TRANSFER_PAYMENT_VAT_AMOUNT: ofOrder('결제 부가세', 'VAT', ({ amounts }) => amounts.paymentVat),
  TRANSFER_PAYMENT_TAX_FREE_AMOUNT: ofOrder(
    '결제 면세 금액',
    'Tax-free payment amount',
    ({ amounts }) => amounts.paymentTaxFree,
  ),
  TRANSFER_PAYMENT_VAT_BURDEN_AMOUNT: ofOrder(
    '결제 부가세 부담금액',
    'VAT burden',
    ({ amounts }) => amounts.paymentVatBurden,
  ),
  TRANSFER_PLATFORM_FEE: ofOrder('중개 수수료', 'Platform fee', ({ amounts }) => amounts.platformFee),
  TRANSFER_PLATFORM_FEE_VAT: ofOrder(
    '중개 수수료 부가세',
    'VAT on the platform fee',
    ({ amounts }) => amounts.platformFeeVat,
  ),
  TRANSFER_CONTRACT_ID: column('계약 아이디', 'Contract id', ({ contract }) => contract?.id),
  TRANSFER_CONTRACT_NAME: column('계약명', 'Contract', ({ contract }) => contract?.content.name),
  TRANSFER_DISCOUNT_AMOUNT: ofOrder('할인 금액', 'Discounts', ({ amounts }) => amounts.discount),
  TRANSFER_DISCOUNT_TAX_FREE_AMOUNT: ofOrder(
    '할인 면세 금액',
    'Tax-free discounts',
    ({ amounts }) => amounts.discountTaxFree,
  ),
  TRANSFER_DISCOUNT_SHARE_AMOUNT: ofOrder(
    '할인 분담 금액',
    "Partner's share of discounts",
    ({ amounts }) => amounts.discountShare,
  ),
  TRANSFER_DISCOUNT_SHARE_TAX_FREE_AMOUNT: ofOrder(
    '할인 분담 면세 금액',
    "Tax-free part of the partner's share of discounts",
    ({ amounts }) => amounts.discountShareTaxFree,
  ),
  TRANSFER_ADDITIONAL_FEE: ofOrder('추가 수수료', 'Additional fees', ({ amounts }) => amounts.additionalFee),
  TRANSFER_ADDITIONAL_FEE_VAT: ofOrder(
    '추가 수수료 부가세',
    'VAT on additional fees',
    ({ amounts }) => amounts.additionalFeeVat,
  ),
  PARTNER_ID: column('파트너 아이디', 'Partner id', ({ partner }) => partner.id),
  PARTNER_NAME: ofPartner('파트너명', 'Partner', ({ name }) => name),
  PARTNER_CONTACT_NAME: ofPartner('담당자명', 'Contact', ({ contact }) => contact.name),
  PARTNER_CONTACT_EMAIL: ofPartner('담당자 이메일', 'E-mail address', ({ contact }) => contact.email),
  PARTNER_CONTACT_PHONE_NUMBER: ofPartner('담당자 휴대폰 번호', 'Phone number', ({ contact }) => contact.phoneNumber),
  PARTNER_DEFAULT_CONTRACT_ID: ofPartner(
    '기본 계약 아이디',
    'Default contract id',
    (partner) => partner.defaultContractId,
  ),
  PARTNER_ACCOUNT_BANK: ofPartner('은행', 'Bank', ({ account }, language) => bankName(account.bank, language)),
  PARTNER_ACCOUNT_NUMBER: ofPartner('계좌번호', 'Account number', ({ account }) => account.number),
  PARTNER_ACCOUNT_HOLDER: ofPartner('예금주', 'Account holder', ({ account }) => account.holder),
  PARTNER_ACCOUNT_CURRENCY: ofPartner('계좌 통화', 'Account currency', ({ account }) => account.currency),
  PARTNER_ACCOUNT_STATUS: ofPartner('계좌 상태', 'Account status', ({ account }, language) =>
    inWords(account.status, language),
  ),
  PARTNER_MEMO: ofPartner('파트너 메모', 'Memo on the partner', ({ memo }) => memo),
  PARTNER_TAGS: ofPartner('태그', 'Tags', ({ tags }) => tags.join(', ')),
  PARTNER_TYPE: ofPartner('파트너 유형', 'Type of partner', ({ type }, language) => inWords(type.type, language)),
  PARTNER_TAXATION_TYPE_OR_INCOME_TYPE: ofPartner(
    '과세 유형 / 소득 유형',
    'Taxation or income type',
    ({ type }, language) => inWords(type.type === 'BUSINESS' ? type.taxationType : type.type, language),
  ),
  PARTNER_BRN: ofBusiness(
    '사업자등록번호',
    'Business registration number',
    (business) => business.businessRegistrationNumber,
  ),
  PARTNER_REPRESENTATIVE_NAME: ofBusiness('대표자명', 'Representative', (business) => business.representativeName),
  PARTNER_COMPANY_NAME: ofBusiness('상호명', 'Company', ({ companyName }) => companyName),
  PARTNER_COMPANY_ADDRESS: ofBusiness('사업장 주소', 'Address', ({ companyAddress }) => companyAddress),
  PARTNER_BUSINESS_CLASS: ofBusiness('업종', 'Class of business', ({ businessClass }) => businessClass),
  PARTNER_BUSINESS_TYPE: ofBusiness('업태', 'Type of business', ({ businessType }) => businessType),
  PARTNER_BIRTH_DATE: ofPartner('생년월일', 'Date of birth', birthdateOf),
  PARTNER_BRN_OR_BIRTH_DATE: ofPartner(
    '사업자등록번호 / 생년월일',
    'Business registration number or date of birth',
    (partner) => (partner.type.type === 'BUSINESS' ? partner.type.businessRegistrationNumber : birthdateOf(partner)),
  ),
  PARTNER_BUSINESS_STATUS: ofPartner('사업자 상태', 'Status of the business', ({ type }, language) =>
    type.type === 'BUSINESS' ? inWords(type.businessStatus, language) : undefined,
  ),
  PARTNER_MEMBER_COMPANY_CONNECTION_STATUS: column(
    '국세청 연동 상태',
    'Connection to the tax invoice network',
    ({ partner }, language) =>
      partner.content.type.type === 'BUSINESS'
        ? inWords(partner.connectionStatus ?? 'NOT_CONNECTED', language)
        : undefined,
  ),
  PARTNER_MEMBER_COMPANY_CONNECTION_FAILED_REASON: column(
    '국세청 연동 실패 사유',
    'Why connecting failed',
    ({ partner }) => partner.connectionFailedReason ?? undefined,
  ),
} as const satisfies Readonly<Record<string, SheetColumn>>
