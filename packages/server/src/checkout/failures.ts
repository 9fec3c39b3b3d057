import type { CheckoutKind } from '@naru/contract'
import { isNaruCode, type NaruCode } from '../kernel/codes.ts'
import type { Language, Words } from './language.ts'

/**
 * Our own failures in the words of a shopper. Their texts in the API are for developers. Those of a PG are shown as the PG has
 * them, as some contracts demand. `undefined`: nothing that a shopper does in a window ends so.
 */
const words: Readonly<Record<NaruCode, Words | undefined>> = {
  NARU_RESULT_UNKNOWN: {
    ko: '결과를 확인하고 있습니다. 다시 시도하지 말고 주문 내역을 확인해 주세요.',
    en: 'The result is being checked. Do not try again: look at your orders first.',
  },
  NARU_NOT_EXECUTED: {
    // Also said where a card was to be registered.
    ko: '처리 기한이 지나 진행하지 못했습니다. 청구된 금액은 없습니다. 다시 시도해 주세요.',
    en: 'The time to carry this out was over. Nothing was charged. Try again.',
  },
  NARU_UNKNOWN_FAILURE: {
    ko: '결제사에서 이유를 밝히지 않고 거절했습니다. 다른 수단을 이용해 주세요.',
    en: 'The payment service refused without saying why. Use another method.',
  },
  NARU_ALREADY_PAID: {
    ko: '이 주문은 다른 창에서 결제가 진행 중입니다. 여기서 청구된 금액은 없습니다. 다시 결제하기 전에 주문 내역을 확인해 주세요.',
    en: 'This order is being paid in another window. Nothing was charged here. Look at your orders before you pay again.',
  },
  NARU_AMOUNT_MISMATCH: {
    ko: '주문 금액과 다른 금액이 승인되어 환불합니다. 다시 시도해 주세요.',
    en: 'Another amount than that of the order was charged, and is refunded. Try again.',
  },
  NARU_ORDER_CHANGED: {
    ko: '상점에서 결제를 닫았거나 주문을 변경하여, 여기서 승인된 금액을 환불합니다. 상점에서 주문을 확인해 주세요.',
    en: 'The shop closed this payment or changed the order. What was charged here is refunded. Check your order in the shop.',
  },
  NARU_NOT_REFUNDED: {
    ko: '여기서 승인된 금액은 이 주문의 결제로 처리되지 않았고, 아직 환불되지 않았습니다. 다시 결제하지 말고 상점에 문의해 주세요.',
    en: 'What was charged here did not pay this order, and has not been refunded yet. Ask the shop before you pay again.',
  },
  NARU_ACCOUNT_CLOSED: { ko: '가상계좌가 말소되었습니다.', en: 'The virtual account was closed.' },
  NARU_ACCOUNT_EXPIRED: {
    ko: '가상계좌의 입금 기한이 지났습니다.',
    en: 'The time to pay into the virtual account is over.',
  },
  NARU_CONFIRM_PROCESS_FAILED: {
    ko: '상점에서 주문을 승인하지 않았습니다. 결제되지 않았습니다.',
    en: 'The shop did not approve the order. Nothing was charged.',
  },
  NARU_NOT_APPROVABLE: {
    ko: '그사이 주문 내용이 바뀌어 처리하지 못했습니다. 청구된 금액은 없습니다. 상점에서 다시 시도해 주세요.',
    en: 'The order has changed in the meantime. Nothing was charged. Start again in the shop.',
  },
  NARU_WINDOW_MISMATCH: {
    ko: '결제창의 금액이 주문 금액과 다릅니다. 청구된 금액은 없습니다. 다시 시도해 주세요.',
    en: 'The amount in the payment window is not that of the order. Nothing was charged. Try again.',
  },
  NARU_WINDOW_UNKNOWN: {
    ko: '결제사에서 결과를 확인하지 못했습니다. 청구된 금액은 없습니다. 다시 시도하거나 다른 수단을 이용해 주세요.',
    en: 'The payment service did not say what happened. Nothing was charged. Try again, or use another method.',
  },
  NARU_WINDOW_UNAVAILABLE: {
    ko: '지금은 결제사에 연결할 수 없어 처리하지 못했습니다. 청구된 금액은 없습니다. 잠시 후 다시 시도하거나 다른 수단을 이용해 주세요.',
    en: 'The payment service cannot be reached at the moment. Nothing was charged. Try again later, or use another method.',
  },
  NARU_WINDOW_NOT_LOADED: {
    ko: '창을 불러오지 못했습니다. 다시 시도해 주세요.',
    en: 'The window could not be loaded. Try again.',
  },
  NARU_WINDOW_REPLACED: {
    ko: '새 창이 열려 이전 창을 닫았습니다.',
    en: 'Another window was opened in place of this one.',
  },
  NARU_CODE_NOT_GIVEN: {
    ko: '인증번호를 입력하지 않아 처리하지 못했습니다.',
    en: 'The one-time code was not entered.',
  },
  NARU_CONFIRMATION_UNDER_WAY: {
    ko: '앞선 확인 요청을 처리하고 있습니다. 잠시 후 다시 시도해 주세요.',
    en: 'An earlier confirmation is in progress. Try again soon.',
  },
  NARU_ALREADY_VERIFIED: { ko: '이미 완료된 본인인증입니다.', en: 'This verification has already been completed.' },
  NARU_UNREACHABLE: undefined,
  NARU_NOT_CAPTURED: undefined,
  NARU_NOT_CLOSED: undefined,
  NARU_NOT_STOPPED: undefined,
  NARU_NOT_DONE: undefined,
  NARU_PAYMENT_SCHEDULE_ALREADY_EXISTS: undefined,
  NARU_IDENTITY_GONE: undefined,
  NARU_INVALID_REQUEST: undefined,
  NARU_CHANNEL_NOT_FOUND: undefined,
  NARU_BILLING_KEY_NOT_FOUND: undefined,
  NARU_BILLING_KEY_ALREADY_DELETED: undefined,
  NARU_PROMOTION_PAY_METHOD_DOES_NOT_MATCH: undefined,
  NARU_DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT: undefined,
}

/** What is said where nothing more is known, or where the cause says nothing to a shopper. */
const unexplained: Readonly<Record<CheckoutKind, Words>> = {
  PAYMENT: { ko: '결제에 실패했습니다', en: 'The payment failed' },
  ISSUE_BILLING_KEY: { ko: '결제 수단을 등록하지 못했습니다', en: 'The payment method could not be saved' },
  ISSUE_BILLING_KEY_AND_PAY: { ko: '결제에 실패했습니다', en: 'The payment failed' },
  IDENTITY_VERIFICATION: { ko: '본인인증에 실패했습니다', en: 'The identity verification failed' },
}

/** A failure with a code of ours, or with none, as a shopper reads it. */
export const ownFailureText = (pgCode: string | undefined, kind: CheckoutKind, language: Language): string => {
  const known = pgCode !== undefined && isNaruCode(pgCode) ? words[pgCode] : undefined
  return (known ?? unexplained[kind])[language]
}

const paymentUnknown: Words = {
  ko: '결제 결과를 확인하지 못했습니다. 결제 내역을 확인해 주세요.',
  en: 'The result could not be read. Look at your orders before you try again.',
}

/** What the script says of a window whose result nobody can tell it. */
const unknownResults: Readonly<Record<CheckoutKind, Words>> = {
  PAYMENT: paymentUnknown,
  ISSUE_BILLING_KEY: {
    ko: '결제 수단 등록 결과를 확인하지 못했습니다. 다시 등록하기 전에 쇼핑몰에서 확인해 주세요.',
    en: 'It is not known whether the payment method was saved. Check in the shop before you try again.',
  },
  ISSUE_BILLING_KEY_AND_PAY: paymentUnknown,
  IDENTITY_VERIFICATION: {
    ko: '본인인증 결과를 확인하지 못했습니다. 다시 인증하기 전에 쇼핑몰에서 확인해 주세요.',
    en: 'The result of the verification could not be read. Check in the shop before you try again.',
  },
}

export const unknownResultText = (kind: CheckoutKind, language: Language): string => unknownResults[kind][language]

const undecidedWords: Words = {
  ko: '결과를 확인 중입니다. 결과가 확정되면 상점에 알려 드립니다.',
  en: 'The result is being checked. The shop will be told.',
}

export const undecidedText = (language: Language): string => undecidedWords[language]

/** The code of a window in which nobody did anything in time. */
export const expiredCode = 'PAY_PROCESS_EXPIRED'

/** The code of a window whose payment session the shop closed, or replaced by one with another amount. */
export const closedCode = 'PAY_PROCESS_CLOSED'

/** The code of a window in which the PG charged what must not stand, and refuses to refund it. */
export const notRefundedCode = 'NARU_NOT_REFUNDED' satisfies NaruCode

/** The code of a window that the shopper left, or opened anew. */
export const leftCode = 'PAY_PROCESS_CANCELED'

/**
 * How windows end that nobody has paid, or was verified, in: without a word of a card or a PG, or with words of ours that bid the
 * shopper try again. Where something else has paid the order, that is said instead.
 */
const undone: ReadonlySet<string | undefined> = new Set([
  leftCode,
  expiredCode,
  closedCode,
  ...([
    'NARU_ALREADY_PAID',
    'NARU_NOT_APPROVABLE',
    'NARU_ALREADY_VERIFIED',
    'NARU_WINDOW_NOT_LOADED',
    'NARU_WINDOW_REPLACED',
    'NARU_CODE_NOT_GIVEN',
    'NARU_NOT_EXECUTED',
    'NARU_UNKNOWN_FAILURE',
    'NARU_AMOUNT_MISMATCH',
    'NARU_WINDOW_MISMATCH',
    'NARU_WINDOW_UNKNOWN',
    'NARU_WINDOW_UNAVAILABLE',
  ] satisfies NaruCode[]),
])

/**
 * Codes of ours that a shop's page is told: that the script closed the window by itself, so that the shopper did not leave, and that
 * what was charged is refunded since the shop wants it no more, or is not refunded although it pays nothing.
 */
const told: ReadonlySet<string> = new Set([
  'NARU_WINDOW_NOT_LOADED',
  'NARU_WINDOW_REPLACED',
  'NARU_ORDER_CHANGED',
  notRefundedCode,
])

export const isTold = (pgCode: string): boolean => told.has(pgCode)

export const endsUndone = (pgCode: string | undefined): boolean => undone.has(pgCode)

const openedAgain: Words = {
  ko: '새 결제창이 열려 이전 결제창을 닫았습니다',
  en: 'The payment was opened again in another window',
}

const verificationOpenedAgain: Words = {
  ko: '새 본인인증 창이 열려 이전 창을 닫았습니다',
  en: 'The verification was opened again in another window',
}

/** Why nothing can be done any more in a window that another one took the place of. */
export const replacedText = (kind: CheckoutKind, language: Language): string =>
  (kind === 'IDENTITY_VERIFICATION' ? verificationOpenedAgain : openedAgain)[language]

const alreadyPaid: Words = { ko: '이미 결제된 주문입니다.', en: 'This order has already been paid.' }

export const alreadyPaidText = (language: Language): string => alreadyPaid[language]

const alreadyPaidAndRefunded: Words = {
  ko: '이미 결제되었거나 결제 중인 주문입니다. 여기서 승인된 금액이 있으면 환불합니다.',
  en: 'This order is already paid, or being paid. Anything charged here is refunded.',
}

/** What is said of an order that something else pays, where the PG has charged in this window as well, or may have. */
export const refundText = (language: Language): string => alreadyPaidAndRefunded[language]

const refunded: Words = {
  ko: '상점에서 결제를 닫았습니다. 여기서 승인된 금액이 있으면 환불합니다.',
  en: 'The shop closed this payment. Anything charged here is refunded.',
}

/** What is said of a window that the shop closed, where the PG may have charged in it. */
export const closedText = (language: Language): string => refunded[language]

const changedAndRefunded: Words = {
  ko: '그사이 주문 내용이 바뀌었습니다. 여기서 승인된 금액이 있으면 환불합니다. 상점에서 주문을 확인해 주세요.',
  en: 'The order has changed in the meantime. Anything charged here is refunded. Check your order in the shop.',
}

/** What is said of a window whose order has changed, where the PG may have charged in it. */
export const changedText = (language: Language): string => changedAndRefunded[language]

export const alreadyVerifiedText = (language: Language): string =>
  ownFailureText('NARU_ALREADY_VERIFIED', 'IDENTITY_VERIFICATION', language)
