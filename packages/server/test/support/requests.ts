import type { Currency, InstantPaymentInput } from '@naru/contract'

/** What a test says of an instant payment; the rest is an ordinary order of ₩10,000 on a card that works. */
export type Order = Partial<InstantPaymentInput> & { readonly total?: number }

export const workingCard = '4242424242424242'

export const card = (number = workingCard) => ({
  card: { credential: { number, expiryYear: '39', expiryMonth: '12' } },
})

export const virtualAccount = (expiry: { validHours?: number; dueDate?: string } = { validHours: 24 }) => ({
  virtualAccount: { bank: 'SHINHAN' as const, expiry, option: { type: 'NORMAL' as const }, remitteeName: 'Naru' },
})

/** For refunds of money that came into a virtual account. */
export const refundAccount = { bank: 'KOOKMIN' as const, number: '12345678901234', holderName: '김나루' }

/** The body of an instant payment through a channel. */
export const order = (channelKey: string, { total = 10_000, ...rest }: Order = {}): InstantPaymentInput => ({
  channelKey,
  method: card(),
  orderName: 'A book',
  amount: { total },
  currency: 'KRW' satisfies Currency,
  ...rest,
})

/** A month's charge of a stored card, at once or scheduled. */
export const monthly = (billingKey: string) => ({
  billingKey,
  orderName: '월간 구독',
  amount: { total: 9_900 },
  currency: 'KRW' as const,
})

/** The body of a cash receipt issued by hand. */
export const receiptFor = (channelKey: string, paymentId: string, total = 11_000) => ({
  paymentId,
  channelKey,
  type: 'PERSONAL' as const,
  orderName: 'A book',
  currency: 'KRW' as const,
  amount: { total },
  customer: { identityNumber: '010-1234-5678' },
})

let orders = 0

/** A payment id that no other test uses. */
export const newPaymentId = (name = 'order'): string => {
  orders += 1
  return `${name}-${orders}`
}
