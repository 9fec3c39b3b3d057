import type { CheckoutKind } from '@naru/contract'
import type { Fields } from './fields.ts'

type Texts = {
  readonly [Name in 'unavailable' | 'busy' | 'unreadable' | 'loading']: string
} & { readonly cancelled: (kind: CheckoutKind) => string }

/** What is no payment does not speak of one; in English nothing does. */
const cancelled: Readonly<Partial<Record<CheckoutKind, string>>> = {
  ISSUE_BILLING_KEY: '결제 수단 등록을',
  IDENTITY_VERIFICATION: '본인인증을',
}

const korean: Texts = {
  unavailable: '서버에 연결할 수 없습니다. 네트워크를 확인해 주세요.',
  busy: '요청이 많아 창을 열지 못했습니다. 잠시 뒤에 다시 시도해 주세요.',
  unreadable: '서버의 응답을 확인하지 못했습니다.',
  loading: '불러오는 중입니다…',
  cancelled: (kind) => `사용자가 ${cancelled[kind] ?? '결제를'} 취소했습니다`,
}

const english: Texts = {
  unavailable: 'The server cannot be reached. Check the network.',
  busy: 'Too many requests. Try again in a minute.',
  unreadable: 'The answer of the server could not be read.',
  loading: 'Loading…',
  cancelled: () => 'The shopper cancelled',
}

/** What the script says itself, in the language that the page would have. */
export const textsFor = ({ locale = 'KO_KR' }: Fields): Texts =>
  /^(LOCALE_)?ko/i.test(String(locale)) ? korean : english
