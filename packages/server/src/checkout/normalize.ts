/**
 * Brings a browser request into the API's spelling. The npm package's constants are bare (`KRW`), PortOne's documentation
 * and older pages write prefixes (`CURRENCY_KRW`), and some values have other names in the API than in the browser. What
 * is no known value stays as it is, so that validation can name it. Returns a copy.
 */
export const normalize = (request: unknown): unknown => walk(request, spellings, 0)

type Spelling = { readonly prefix?: string; readonly renamed?: Readonly<Record<string, string>> }

/** Deeper than any field of a request lies. */
const maximumDepth = 8

const walk = (value: unknown, fields: Readonly<Record<string, Spelling>>, depth: number): unknown => {
  if (depth > maximumDepth || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => walk(item, fields, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      const spelling = fields[name]
      const field = aliases[name] ?? name
      if (opaque.has(name)) return [field, content]
      return [field, spelling === undefined ? walk(content, fields, depth + 1) : respelled(content, spelling)]
    }),
  )
}

const respelled = (value: unknown, spelling: Spelling): unknown => {
  if (Array.isArray(value)) return value.map((item) => respelled(item, spelling))
  if (typeof value !== 'string') return value
  const { prefix = '', renamed = {} } = spelling
  // Some banks are called BANK_OF_…, without the prefix.
  const isPrefixed = value.startsWith(prefix) && !(prefix === 'BANK_' && value.startsWith('BANK_OF_'))
  const bare = isPrefixed ? value.slice(prefix.length) : value
  return Object.hasOwn(renamed, bare) ? renamed[bare] : bare
}

/** Belongs to the merchant, or to a PG. */
const opaque = new Set(['customData', 'bypass'])

/** The schema's misspelling, and an older name. */
const aliases: Readonly<Record<string, string>> = {
  avaliableCarriers: 'availableCarriers',
  orderDescription: 'orderDetail',
}

const banks = {
  KOREA_DEVELOPMENT_BANK: 'KDB',
  INDUSTRIAL_BANK_OF_KOREA: 'IBK',
  KOOKMIN_BANK: 'KOOKMIN',
  SUHYUP_BANK: 'SUHYUP',
  EXPORT_IMPORT_BANK_OF_KOREA: 'KEXIM',
  NH_NONGHYUP_BANK: 'NONGHYUP',
  WOORI_BANK: 'WOORI',
  SC_BANK_KOREA: 'STANDARD_CHARTERED',
  CITI_BANK_KOREA: 'CITI',
  DAEGU_BANK: 'DAEGU',
  BUSAN_BANK: 'BUSAN',
  GWANGJU_BANK: 'KWANGJU',
  JEJU_BANK: 'JEJU',
  JEONBUK_BANK: 'JEONBUK',
  KYONGNAM_BANK: 'KYONGNAM',
  SAVINGS_BANK_KOREA: 'SAVINGS_BANK',
  MORGAN_STANLEY_BANK: 'MORGAN_STANLEY',
  HSBC_BANK: 'HSBC',
  DEUTSCHE_BANK: 'DEUTSCHE',
  JP_MORGAN_CHASE_BANK: 'JPMC',
  MIZUHO_BANK: 'MIZUHO',
  MUFG_BANK: 'MUFG',
  BANK_OF_AMERICA_BANK: 'BANK_OF_AMERICA',
  BNP_PARIBAS_BANK: 'BNP_PARIBAS',
  NATIONAL_FORESTRY_COOPERATIVE_FEDERATION: 'NFCF',
  UNITED_OVERSEAS_BANK: 'UOB',
  BANK_OF_COMMUNICATIONS: 'BOCOM',
  CHINA_CONSTRUCTION_BANK: 'CCB',
  EPOST: 'POST',
  HANA_BANK: 'HANA',
  SHINHAN_BANK: 'SHINHAN',
  KAKAO_BANK: 'KAKAO',
  TOSS_BANK: 'TOSS',
} as const

const bank = { prefix: 'BANK_', renamed: banks }
const cardCompany = { prefix: 'CARD_COMPANY_' }
const carrier = { prefix: 'CARRIER_' }

const spellings: Readonly<Record<string, Spelling>> = {
  currency: { prefix: 'CURRENCY_' },
  country: { prefix: 'COUNTRY_' },
  locale: { prefix: 'LOCALE_' },
  gender: { prefix: 'GENDER_' },
  payMethod: { prefix: 'PAY_METHOD_' },
  productType: { prefix: 'PRODUCT_TYPE_', renamed: { REAL: 'PHYSICAL' } },
  cardCompany,
  availableCards: cardCompany,
  pgProvider: { prefix: 'PG_PROVIDER_' },
  bankCode: bank,
  availableBanks: bank,
  cashReceiptType: { prefix: 'CASH_RECEIPT_TYPE_' },
  easyPayProvider: { prefix: 'EASY_PAY_PROVIDER_', renamed: { GCASH: 'G_CASH' } },
  giftCertificateType: { prefix: 'GIFT_CERTIFICATE_TYPE_', renamed: { CULTURE_GIFT: 'CULTUREGIFT' } },
  carrier,
  avaliableCarriers: carrier,
  availableCarriers: carrier,
  // The documentation writes PHONE where the schema says MOBILE.
  billingKeyAndPayMethod: { renamed: { PHONE: 'MOBILE' } },
}
