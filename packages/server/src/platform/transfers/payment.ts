import type {
  CreatePlatformOrderTransferBody,
  Currency,
  PaymentMethod,
  PaymentMethodType,
  PlatformPayment,
  PlatformPaymentMethod,
} from '@naru/contract'
import { fromIso, type Instant, toIso } from '../../kernel/clock.ts'
import { type Day, dayOf } from '../../kernel/days.ts'
import type { Amount } from '../../kernel/money.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { type Attempt, type Payment, representative, wasPaid } from '../../payments/state/payment.ts'
import { methodInput } from './order-input.ts'

/** The payment of an order, as far as settling it depends on it. */
export type OrderPayment = {
  readonly type: PlatformPayment['type']
  readonly storeId: string
  readonly id: string
  readonly currency: Currency
  readonly methodType: PaymentMethodType | null
  readonly channelKey: string | null
  /** The most that orders may be registered for; of a payment made elsewhere nobody here knows. */
  readonly cap: { readonly payment: Amount; readonly taxFree: Amount } | null
  /** From when on an order of it is settled, where the request does not say. */
  readonly startDate: Day | undefined
  /** Whether its money came and is not given back in full. Of one that was made elsewhere the merchant says so. */
  readonly hasMoney: boolean
  /** Nothing of it is owed, and nothing will be unless it is tried again. */
  readonly hasFailed: boolean
  /** The payment as the transfer shows it. */
  readonly view: (startDate: Day) => PlatformPayment
}

type ExternalDetail = NonNullable<CreatePlatformOrderTransferBody['externalPaymentDetail']>

/** A payment that was made elsewhere: it is recorded as given. */
export const externalPayment = (
  storeId: string,
  id: string,
  detail: ExternalDetail,
  now: Instant,
): OrderPayment | Refusal<'INVALID_REQUEST'> => {
  const method = methodInput(detail.method)
  if (method instanceof Refusal) return method
  const { currency, orderName, paidAt } = detail
  const paid = paidAt === undefined ? undefined : fromIso(paidAt)
  return {
    type: 'EXTERNAL',
    storeId,
    id,
    currency,
    methodType: method?.type ?? null,
    channelKey: null,
    cap: null,
    startDate: dayOf(paid ?? now),
    hasMoney: true,
    hasFailed: false,
    view: () => ({
      type: 'EXTERNAL',
      id,
      ...(orderName === undefined ? {} : { orderName }),
      currency,
      ...(method === undefined ? {} : { method }),
      ...(paid === undefined ? {} : { paidAt: toIso(paid) }),
    }),
  }
}

/**
 * A payment of ours, as the attempt shows it that stands for it; `undefined` while nobody has tried to pay it. One that
 * is not paid yet can be registered with a start date: PortOne documents that it is refused without.
 */
export const ourPayment = (payment: Payment): OrderPayment | undefined => {
  const attempt = representative(payment)
  if (!attempt) return undefined
  const { request, channel, paidAt, method } = attempt
  const paid = wasPaid(attempt) ? paidAt : undefined
  const channelKey = channel.key ?? channel.id ?? null
  const shown = method && shownMethod(method)
  return {
    type: 'PORT_ONE',
    storeId: payment.storeId,
    id: payment.paymentId,
    currency: request.currency,
    methodType: method ? methodTypes[method.type] : null,
    channelKey,
    cap: { payment: request.amount.total, taxFree: request.amount.taxFree },
    startDate: paid === undefined ? undefined : dayOf(paid),
    hasMoney: paid !== undefined && attempt.phase !== 'CANCELLED',
    hasFailed: isOver(attempt),
    view: (startDate) => ({
      type: 'PORT_ONE',
      id: payment.paymentId,
      storeId: payment.storeId,
      channelKey: channelKey ?? '',
      orderName: request.orderName,
      ...(shown === undefined ? {} : { method: shown }),
      currency: request.currency,
      // The field is required. What is not paid yet counts as paid when its settlement starts.
      paidAt: paid === undefined ? `${startDate}T00:00:00+09:00` : toIso(paid),
    }),
  }
}

/** No money came, and none will unless it is tried again: refused, left, or charged by mistake and being given back. */
const isOver = ({ phase, expiredAt }: Attempt): boolean =>
  phase === 'FAILED' || phase === 'REVERSING' || expiredAt !== undefined

/** Why an order of the payment has no day from which on it is settled. */
export const notPaid = ({ id, hasFailed }: OrderPayment): Refusal<'INVALID_REQUEST'> =>
  invalid(
    hasFailed
      ? `The payment ${id} has failed, so nothing of it is owed to anybody. Register the order once it is paid; if it was paid elsewhere, give externalPaymentDetail.`
      : `The payment ${id} is not paid yet. Say from when on it is settled: settlementStartDate.`,
  )

export const paidHere = (paymentId: string): Refusal<'INVALID_REQUEST'> =>
  invalid(
    `The payment ${paymentId} was made here: leave externalPaymentDetail out. If you mean another payment, give it another paymentId.`,
  )

const methodTypes: Readonly<Record<PaymentMethod['type'], PaymentMethodType>> = {
  PaymentMethodCard: 'CARD',
  PaymentMethodTransfer: 'TRANSFER',
  PaymentMethodVirtualAccount: 'VIRTUAL_ACCOUNT',
  PaymentMethodGiftCertificate: 'GIFT_CERTIFICATE',
  PaymentMethodMobile: 'MOBILE',
  PaymentMethodEasyPay: 'EASY_PAY',
  PaymentMethodConvenienceStore: 'CONVENIENCE_STORE',
  PaymentMethodCrypto: 'CRYPTO',
}

/** Convenience stores and cryptocurrencies have no form in the full transfer; summaries name them. */
const shownMethod = (method: PaymentMethod): PlatformPaymentMethod | undefined => {
  switch (method.type) {
    case 'PaymentMethodCard':
      return { type: 'CARD' }
    case 'PaymentMethodTransfer':
      return { type: 'TRANSFER' }
    case 'PaymentMethodVirtualAccount':
      return { type: 'VIRTUAL_ACCOUNT' }
    case 'PaymentMethodGiftCertificate':
      return { type: 'GIFT_CERTIFICATE' }
    case 'PaymentMethodMobile':
      return { type: 'MOBILE' }
    case 'PaymentMethodEasyPay':
      return { type: 'EASY_PAY', ...walletOf(method) }
    case 'PaymentMethodConvenienceStore':
    case 'PaymentMethodCrypto':
      return undefined
  }
}

type Wallet = Extract<PaymentMethod, { type: 'PaymentMethodEasyPay' }>

const walletOf = ({
  provider,
  easyPayMethod,
}: Wallet): Omit<Extract<PlatformPaymentMethod, { type: 'EASY_PAY' }>, 'type'> => ({
  ...(provider === undefined ? {} : { provider }),
  ...(easyPayMethod === undefined ? {} : { methodType: walletTypes[easyPayMethod.type] }),
})

const walletTypes = {
  PaymentMethodCard: 'CARD',
  PaymentMethodTransfer: 'TRANSFER',
  PaymentMethodEasyPayMethodCharge: 'CHARGE',
} as const
