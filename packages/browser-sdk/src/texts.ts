import type { Fields } from './fields.ts'

type Texts = {
  readonly [Name in 'unknownResult' | 'unavailable' | 'busy' | 'unreadable' | 'loading' | 'cancelled']: string
}

const korean: Texts = {
  unknownResult: '결제 결과를 확인하지 못했습니다. 결제 내역을 확인해 주세요.',
  unavailable: '결제 서버에 연결할 수 없습니다. 네트워크를 확인해 주세요.',
  busy: '요청이 많아 창을 열지 못했습니다. 잠시 뒤에 다시 시도해 주세요.',
  unreadable: '결제 서버의 응답을 확인하지 못했습니다.',
  loading: '불러오는 중입니다…',
  cancelled: '사용자가 결제를 취소했습니다',
}

const english: Texts = {
  unknownResult: 'The result could not be read. Look at your orders before you try again.',
  unavailable: 'The payment server cannot be reached. Check the network.',
  busy: 'Too many requests. Try again in a minute.',
  unreadable: 'The answer of the payment server could not be read.',
  loading: 'Loading…',
  cancelled: 'The shopper cancelled',
}

/** What the script says itself, in the language that the page would have. */
export const textsFor = ({ locale = 'KO_KR' }: Fields): Texts =>
  /^(LOCALE_)?ko/i.test(String(locale)) ? korean : english
