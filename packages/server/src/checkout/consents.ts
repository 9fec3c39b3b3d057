import type { CheckoutKind, CheckoutView, Consent } from '@naru/contract'

type Language = CheckoutView['language']
type Text = readonly [name: string, text: string]

/**
 * What a shopper has to agree to before anything is sent, by what is asked of them. Which texts were agreed to is kept with the
 * window by their versions: a text that is changed gets another version here, and its old wording stays in the history of this
 * file.
 */
export const consentsFor = (kind: CheckoutKind, language: Language): readonly Consent[] => {
  const texts = textsFor(kind)
  return Object.entries(texts).map(([id, { version, ...said }]) => {
    const [name, text] = said[language]
    return { id, version, name, text }
  })
}

type Texts = Readonly<Record<string, { readonly version: string; readonly ko: Text; readonly en: Text }>>

const textsFor = (kind: CheckoutKind): Texts => {
  switch (kind) {
    case 'PAYMENT':
      return payment
    case 'ISSUE_BILLING_KEY':
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return storing
    case 'IDENTITY_VERIFICATION':
      return identity
  }
}

const terms = {
  version: '2026-11-28',
  ko: ['전자금융거래 이용약관 동의', '결제 서비스 제공자가 결제를 처리하고 그 결과를 쇼핑몰에 알리는 데 동의합니다.'],
  en: [
    'Agree to the terms of payment services',
    'The payment provider processes the payment and reports the result to the shop.',
  ],
} as const

const sharing = {
  version: '2026-11-28',
  ko: ['개인정보 제3자 제공 동의', '결제 승인에 필요한 정보를 쇼핑몰과 결제대행사, 카드사 또는 은행에 제공합니다.'],
  en: [
    'Agree to the sharing of personal data',
    'The data needed to approve the payment is shared with the shop, the payment gateway, and the card company or bank.',
  ],
} as const

const payment: Texts = {
  TERMS: terms,
  PERSONAL_DATA: {
    version: '2026-11-28',
    ko: [
      '개인정보 수집·이용 동의',
      '결제 처리와 분쟁 대응을 위해 이름, 연락처와 결제 정보를 수집하며, 관련 법령이 정한 기간(5년) 동안 보관합니다.',
    ],
    en: [
      'Agree to the collection of personal data',
      'Name, contact and payment data are collected to process the payment and handle disputes, and kept for five years as required by law.',
    ],
  },
  SHARING: sharing,
}

const storing: Texts = {
  TERMS: terms,
  STORED_METHOD: {
    version: '2026-11-28',
    ko: [
      '개인정보 수집·이용 동의',
      '등록한 결제 수단으로 결제하기 위해 이름, 연락처와 결제 정보를 수집합니다. 결제 수단은 결제대행사가 등록을 해지할 때까지 보관하고, 결제 기록은 관련 법령이 정한 기간(5년) 동안 보관합니다.',
    ],
    en: [
      'Agree to the collection of personal data',
      'Name, contact and payment data are collected for payments with what you save. The payment gateway keeps it until you remove it; records of payments are kept for five years as required by law.',
    ],
  },
  SHARING: sharing,
}

const identity: Texts = {
  IDENTITY_TERMS: {
    version: '2026-11-28',
    ko: [
      '본인확인서비스 이용약관 동의',
      '본인확인기관이 본인 여부를 확인하고 그 결과를 쇼핑몰에 알리는 데 동의합니다.',
    ],
    en: [
      'Agree to the terms of identity verification',
      'The operator verifies who you are and reports the result to the shop.',
    ],
  },
  IDENTITY_DATA: {
    version: '2026-11-28',
    ko: [
      '개인정보 수집·이용 동의',
      '본인확인을 위해 이름, 생년월일, 성별, 내외국인 여부, 휴대폰 번호와 통신사를 수집합니다.',
    ],
    en: [
      'Agree to the collection of personal data',
      'Name, birth date, gender, nationality status, phone number and carrier are collected to verify who you are.',
    ],
  },
  IDENTITY_SHARING: {
    version: '2026-11-28',
    ko: [
      '개인정보 제3자 제공 동의',
      '본인확인에 필요한 정보를 통신사와 본인확인기관에, 그 결과를 쇼핑몰에 제공합니다.',
    ],
    en: [
      'Agree to the sharing of personal data',
      'What the verification needs is shared with the carrier and the operator, and its result with the shop.',
    ],
  },
}

/** What was agreed to, if that is everything. */
export const agreedConsents = (
  kind: CheckoutKind,
  language: Language,
  given: readonly Pick<Consent, 'id' | 'version'>[] = [],
): readonly Pick<Consent, 'id' | 'version'>[] | undefined => {
  const required = consentsFor(kind, language).map(({ id, version }) => ({ id, version }))
  const isGiven = ({ id, version }: Pick<Consent, 'id' | 'version'>) =>
    given.some((consent) => consent.id === id && consent.version === version)
  return required.every(isGiven) ? required : undefined
}
