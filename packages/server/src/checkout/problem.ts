import type { CheckoutProblem, RefusalCode } from '@naru/contract'
import type { Refusal } from '../kernel/refusal.ts'
import { alreadyPaidText, alreadyVerifiedText } from './failures.ts'
import { languageOf } from './language.ts'

/** Why nothing is opened: what the SDK's promise is rejected with. */
export class Unopened {
  readonly problem: CheckoutProblem
  constructor(code: UnopenedCode, message: string, more?: Omit<CheckoutProblem, 'code' | 'message'>) {
    this.problem = { code, message, ...more }
  }
}

/** What the script alone says: it heard nothing from the server, or the shopper did not want to wait for it. */
export type UnopenedCode = Exclude<RefusalCode, 'Unavailable' | 'FAILURE_TYPE_PG'>

type Asked = Parameters<typeof languageOf>[0]

/** The API's refusals in the words of PortOne's browser SDK; of what a shopper may meet in the page's language, since shops show it. */
export const unopenedBy = ({ body }: Refusal, asked: Asked): Unopened => {
  const { message = 'The request was refused.' } = body
  const language = languageOf(asked)
  switch (body.type) {
    case 'CHANNEL_NOT_FOUND':
      return new Unopened('ChannelNotFound', message)
    case 'ALREADY_PAID':
      return new Unopened('PaymentAlreadyPaid', alreadyPaidText(language), { detail: message })
    case 'MAX_TRANSACTION_COUNT_REACHED':
      return new Unopened('InvalidEntityState', triedOut[language], { detail: message })
    case 'PAYMENT_SCHEDULE_ALREADY_EXISTS':
      return new Unopened('InvalidEntityState', scheduled[language], { detail: message })
    case 'IDENTITY_VERIFICATION_ALREADY_VERIFIED':
      return new Unopened('IdentityVerificationAlreadyVerified', alreadyVerifiedText(language), { detail: message })
    case 'PG_PROVIDER':
      return new Unopened('PGProviderError', message, { pgCode: body.pgCode, pgMessage: body.pgMessage })
    // Only these name fields; what the others name may be an id that is spelled like one.
    default:
      return new Unopened('RequestParseFailed', inBrowserWords(message))
  }
}

const triedOut = {
  ko: '더 이상 시도할 수 없습니다. 상점에 문의해 주세요.',
  en: 'This cannot be tried any more. Please ask the shop.',
} as const

const scheduled = {
  ko: '결제가 예약된 주문입니다. 상점에 문의해 주세요.',
  en: 'This order is to be paid later by schedule. Please ask the shop.',
} as const

/** The fields of an order by which the API and the browser's request call the same. */
const browserFields = {
  'amount.total': 'totalAmount',
  'amount.taxFree': 'taxFreeAmount',
  'amount.vat': 'vatAmount',
  currency: 'currency',
} as const

const inBrowserWords = (message: string): string =>
  Object.entries(browserFields).reduce((text, [name, browserName]) => text.replaceAll(name, browserName), message)

/** It does not exist, or nobody can pay in it any more. */
export const noSession = (): Unopened => new Unopened('TransactionNotFound', 'There is no such payment session.')

/** An order that differs from what the merchant's server announced. */
export const unannounced = (differing: keyof typeof browserFields, paymentId: string): Unopened =>
  new Unopened(
    'AmountNotEqualToPredefined',
    `${browserFields[differing]} differs from what was pre-registered for the payment ${paymentId}. ` +
      'Send what was pre-registered, or pre-register the payment again.',
  )
