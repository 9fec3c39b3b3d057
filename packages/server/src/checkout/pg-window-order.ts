import type { BrowserIdentityVerification, BrowserPayment } from '@naru/contract'
import type { IdentityOrder, PaymentOrder, StoringOrder, WindowTerms } from '../gateways/port/window.ts'
import { prefilled } from '../identity-verifications/input.ts'
import { compact } from '../kernel/compact.ts'
import type { Channel } from '../merchants/store.ts'
import type { Attempt } from '../payments/state/payment.ts'
import { chargedAmount, withFittingParts } from '../payments/state/promotion.ts'
import type { CheckoutRequest, StoringRequest, Surroundings } from './attempt.ts'
import { storedMethodOf } from './form.ts'
import { languageOf } from './language.ts'
import { payMethodOf } from './pay-method.ts'

/** Where the PG sends the browser back to. The token in it is the only thing that says whose window it was. */
const returnUrlOf = (serverUrl: string, token: string): string => `${serverUrl}/checkout/return/${token}`

/** Whose pages may have the PG's window in a frame. Each of a frame's ancestors has to be named. */
const framedBy = ({ mode, shopOrigin, serverUrl = '' }: Surroundings): readonly string[] | undefined => {
  if (mode !== 'IFRAME') return [serverUrl]
  return shopOrigin === undefined ? undefined : [serverUrl, shopOrigin]
}

/** What every window is told, whatever it is for. */
export const termsOf = (asked: CheckoutRequest['request'], surroundings: Surroundings, token: string): WindowTerms => ({
  customerId: asked.customer?.customerId,
  testCode: asked.bypass?.sandbox?.testCode,
  language: languageOf(asked),
  returnUrl: returnUrlOf(surroundings.serverUrl ?? '', token),
  framedBy: framedBy(surroundings),
})

/** The amount is what is charged, after a promotion. */
export const paymentOrder = (asked: BrowserPayment, attempt: Attempt, terms: WindowTerms): PaymentOrder => ({
  ...terms,
  kind: 'PAYMENT',
  orderName: asked.orderName,
  ...withFittingParts(chargedAmount(attempt), attempt.request.amount),
  currency: asked.currency,
  payMethod: payMethodOf(asked, attempt.channel.pgProvider),
})

export const storingOrder = (
  asked: StoringRequest,
  { pgProvider }: Pick<Channel, 'pgProvider'>,
  terms: WindowTerms,
): StoringOrder => {
  const order = { ...terms, kind: 'BILLING_KEY', charge: chargeIn(asked) } as const
  switch (asked.kind) {
    case 'ISSUE_BILLING_KEY': {
      const { issueName: orderName = '' } = asked.request
      return { ...order, orderName, payMethod: storedMethodOf(asked.request, pgProvider) }
    }
    case 'ISSUE_BILLING_KEY_AND_PAY': {
      const { orderName, billingKeyAndPayMethod: payMethod } = asked.request
      return { ...order, orderName, payMethod }
    }
  }
}

/** What the first payment with a method is to be, if there is one. */
export const chargeIn = (asked: StoringRequest): StoringOrder['charge'] => {
  switch (asked.kind) {
    case 'ISSUE_BILLING_KEY':
      return undefined
    case 'ISSUE_BILLING_KEY_AND_PAY':
      return { amount: asked.request.totalAmount, currency: asked.request.currency }
  }
}

export const identityOrder = (asked: BrowserIdentityVerification, terms: WindowTerms): IdentityOrder => ({
  ...terms,
  kind: 'IDENTITY',
  person: personOf(asked),
})

/** What the shop knows of a person. */
export const personOf = ({ customer = {} }: BrowserIdentityVerification): IdentityOrder['person'] => {
  const { customerId, fullName, phoneNumber, birthYear, birthMonth, birthDay } = customer
  return prefilled(compact({ id: customerId, name: fullName, phoneNumber, birthYear, birthMonth, birthDay }))
}
