import type { BillingKeyPaymentInput, PaymentOrigin } from '@naru/contract'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { type Store, selectedChannel } from '../merchants/store.ts'
import { paymentRequest } from '../payments/requests/input.ts'
import type { PayCommand, WantedPromotion } from '../payments/requests/pay-command.ts'
import type { AttemptStart } from '../payments/state/event.ts'
import type { ChargeTerms, PaymentRequest } from '../payments/state/payment.ts'
import { type BillingKeyCharge, type BillingKeyParts, type ChargeRefusal, findCharge } from './charge.ts'

export type BillingKeyPaymentRefusal = ChargeRefusal | Refusal<'INVALID_REQUEST' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT'>

type Circumstances = {
  readonly origin: PaymentOrigin
  readonly requestKey?: string | undefined
  readonly testCode?: string | undefined
}

/** What to charge to a key, as it is stored until it is charged. */
export type BillingKeyOrder = {
  readonly billingKey: string
  readonly channelKey?: string | undefined
  readonly request: PaymentRequest
  readonly terms: ChargeTerms
}

/** Turns the body of a payment with a billing key into a command. */
export const billingKeyPayment = async (
  parts: BillingKeyParts,
  store: Store,
  input: BillingKeyPaymentInput,
  circumstances: Circumstances,
): Promise<PayCommand | BillingKeyPaymentRefusal> => {
  const order = billingKeyOrder(input)
  if (order instanceof Refusal) return order
  const charge = await findCharge(parts, store, order.billingKey, order.channelKey)
  if (charge instanceof Refusal) return charge
  const promotion = wantedPromotion(input.promotionId, charge)
  return { ...chargeCommand(order, charge, circumstances), promotion }
}

/** The promotion that a charge asks for, with the card company that was learned when the key was issued. */
export const wantedPromotion = (
  promotionId: string | undefined,
  charge: BillingKeyCharge,
): WantedPromotion | undefined =>
  promotionId === undefined ? undefined : { promotionId, cardCompany: () => issuerOf(charge) }

/** The company of the key's card. A key for anything else gets no promotion. */
const issuerOf = ({ method }: BillingKeyCharge): string | undefined =>
  method?.type === 'PaymentMethodCard' ? method.card?.issuer : undefined

export const billingKeyOrder = (
  input: Omit<BillingKeyPaymentInput, 'skipWebhook'> & Pick<BillingKeyPaymentInput, 'skipWebhook'>,
): BillingKeyOrder | Refusal<'INVALID_REQUEST' | 'SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT'> => {
  const { billingKey, channelKey, installmentMonth, useFreeInterestFromMerchant, useCardPoint } = input
  if (installmentMonth !== undefined && (installmentMonth < 0 || installmentMonth === 1))
    return invalid('installmentMonth must be 0 for a single charge, otherwise 2 or more.')
  const request = paymentRequest(input)
  if (request instanceof Refusal) return request
  return { billingKey, channelKey, request, terms: { installmentMonth, useFreeInterestFromMerchant, useCardPoint } }
}

/** The command that charges the key through the chosen channel. */
export const chargeCommand = (
  { billingKey, request, terms }: BillingKeyOrder,
  { channel, group, token, method }: BillingKeyCharge,
  { origin, requestKey, testCode }: Circumstances,
): PayCommand => {
  const start: Omit<AttemptStart, 'transactionId'> = {
    request,
    origin,
    requestKey,
    billingKey,
    method,
    channel: selectedChannel(channel),
    channelGroup: group && { id: group.id, name: group.name, isForTest: group.isForTest },
  }
  const { orderName, currency, customer } = request
  return {
    start,
    channel,
    testCode,
    callGateway: (gateway, context, charged) =>
      gateway.chargeBillingKey(context, {
        token,
        orderName,
        ...charged,
        currency,
        customerId: customer.id,
        ...terms,
        installmentMonth: terms.installmentMonth ?? 0,
      }),
  }
}
