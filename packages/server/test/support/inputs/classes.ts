/** What a value stands for: values that must be refused, and some that nothing may be found wrong with. */
export type InputClass = { readonly bad: readonly unknown[]; readonly good: readonly unknown[] }

/** What no text may hold, and what is no text. */
const noText = [1, true, ['text'], { text: 'text' }, 'a\0b', '\ud800', 'half \udfff']
const noNumber = ['one', true, [1], {}, 0.5, 2 ** 53, -(2 ** 53), 1e300]

const numbers = (outside: readonly number[], good: readonly number[]): InputClass => ({
  bad: [...outside, ...noNumber],
  good,
})

/**
 * What each input is, and which values it must refuse wherever it is taken. What is text and passed on to a PG (a buyer's
 * e-mail address, a postal code) is `text`: PortOne documents no form for it, and each PG has another.
 */
export const classes = {
  text: { bad: noText, good: ['text', '한글', '😀'] },
  'new-id': {
    bad: ['', ' ', '.', '..', 'a/b', 'a\nb', 'x'.repeat(101), ...noText],
    good: ['order-1', '주문 1', '"quoted"'],
  },
  url: {
    bad: [
      ...noText,
      'shop.example/webhook',
      'ftp://shop.example/',
      'data:text/plain,x',
      'http://',
      'https://user:password@shop.example/',
      'http://shop.example:0/',
      `https://shop.example/${'x'.repeat(8_000)}`,
      `https://${'x.'.repeat(200)}example/`,
    ],
    good: ['https://shop.example/webhook', 'http://127.0.0.1:3000/a?b=c', 'https://shop.example/#part'],
  },
  /** Where a browser goes: also an app's own address. */
  'redirect url': {
    bad: [...noText, 'shop.example/done', 'javascript:alert(1)', 'data:text/html,x', ''],
    good: ['https://shop.example/done', 'myapp://done'],
  },
  color: { bad: [...noText, 'url(x)', '#12', 'red;', 'x'.repeat(100)], good: ['#1d54d8'] },
  'ip address': { bad: [...noText, '', '1.2.3', '256.1.1.1', 'localhost'], good: ['127.0.0.1', '::1'] },
  'mobile number': {
    bad: [...noText, '', '01O-1234-5678', '02-123-4567', `010-1234-5678${' '.repeat(100)}`],
    good: ['01012345678', '010-1234-5678', '+82 10-1234-5678', '+821012345678'],
  },
  /** What a shop hands on of a buyer: the page fills it in, and takes nothing else back. */
  'telephone-if-given': {
    bad: [...noText, 'text', '010-12', '010-12345678901234', '010-****-1234'],
    good: ['', ' ', '01012345678', '+82 (0)10.1234-5678', '02-123-4567'],
  },
  'e-mail-if-given': {
    bad: [...noText, 'text', '@', 'a@', '@b.c', 'a b@c.d', 'a@b@c'],
    good: ['', ' ', 'naru@example.com', ' a+b@c '],
  },
  line: { bad: ['a\nb', 'a\rb', 'a\u0085b', 'a\u2028b', ...noText], good: ['정산', 'May 2026'] },
  'not-blank': { bad: ['', ' ', '\t\u3000', '\u3164\u200b', ...noText], good: ['포트 상회', ' x '] },
  'not-blank-line': { bad: ['', ' ', '\u3000', 'a\nb', 'a\u2028b', ...noText], good: ['홍길동', 'a b'] },
  'account-number': {
    bad: ['', '1-', '1'.repeat(51), '110_234', '110\n234', '１１０', 'abc', 'a-b', ...noText],
    good: ['110234567890', '110-234-567890', '110 234 567890', 'GB29NWBK60161331926819', '1'.repeat(50)],
  },
  'business-registration-number': {
    bad: ['', '123', '12345678901', 'abcdefghij', '1234567890\n', ...noText],
    good: ['1234567890', '123-45-67890'],
  },
  'second-factor-code': {
    bad: ['', '12345', '1234567', '１２３４５６', 'é12345', '12 3456', '123456\n', 'abcdef', ...noText],
    good: ['123456', '123 456'],
  },
  instant: {
    bad: [
      '2026-02-30T00:00:00Z',
      '2026-01-31T09:00:00',
      '2026-01-31 09:00:00Z',
      '2026-01-31',
      '+275760-09-13T00:00:00Z',
      '0000-12-31T00:00:00Z',
      '9999-12-31T23:59:59-01:00',
      '2026-01-31T24:00:00Z',
      '2026-01-31T23:59:60Z',
      '2026-01-31T09:00:00+24:00',
      '1767225600000',
      '',
      ...noText,
    ],
    good: [
      '2026-01-31T09:00:00Z',
      '2099-12-31T23:59:59.999999+09:00',
      '2024-02-29T00:00:00-12:00',
      // The year before the first and the one after the last in Seoul: wherever these are taken, they are worked with.
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ],
  },
  day: {
    bad: ['2026-02-30', '2023-02-29', '0000-01-01', '20260131', '2026-1-31', '10000-01-01', '', ...noText],
    good: ['2026-01-31', '2024-02-29', '9999-12-31', '0001-01-01'],
  },
  /** Money that may be owed either way, or is only compared with what is known. */
  amount: numbers([], [0, 1, -1, 2 ** 53 - 1, 1 - 2 ** 53]),
  /** Money of which there cannot be less than none. */
  'positive amount': numbers([-1, 1 - 2 ** 53], [1]),
  count: numbers([-1, 2 ** 31], [1, 2]),
  /** In hours: a convenience store wants a day at least, and a month at most. */
  deadline: numbers([0, 23, 721], [24, 720]),
  rate: numbers([-1, 100_001], [0, 1, 100_000]),
  /** Of a list: others than those that there can be find nothing. */
  'rate to find': numbers([2 ** 31], [0, 1]),
  percent: numbers([-1, 101], [1, 100]),
  page: numbers([-1, 2 ** 31], [0, 1]),
  'page size': numbers([-1, 0, 1_001], [1, 10]),
  month: numbers([0, 13], [1, 12]),
  'day of month': numbers([0, 32], [1, 31]),
  year: numbers([0, 10_000], [1970, 2026]),
  installment: numbers([-1, 1, 2 ** 31], [0, 2]),
  'whole number': numbers([], [0, 1]),
  /** In milliseconds and parts of them. */
  "browser's time": { bad: [-1, ...noNumber.filter((value) => value !== 0.5)], good: [0, 1.5] },
} as const satisfies Readonly<Record<string, InputClass>>

export type ClassName = keyof typeof classes
