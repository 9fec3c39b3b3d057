import type { Sql } from '../../db/connect.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { ofPlatform, type Platform } from '../platform.ts'
import type { OrderAmounts } from './arithmetic/amounts.ts'
import type { OrderPayment } from './payment.ts'

/** How much of a payment is registered for settlement, over all of its order transfers that are not deleted. */
export type Registered = {
  readonly payment: number
  readonly taxFree: number
  /** How many order transfers each partner has. */
  readonly partners: Readonly<Record<string, number>>
}

const nothing: Registered = { payment: 0, taxFree: 0, partners: {} }

export const findRegistered = async (sql: Sql, platform: Platform, payment: OrderPayment): Promise<Registered> => {
  const [row] = await sql<Registered[]>`
    select payment_amount as payment, tax_free_amount as "taxFree", partners from platform_payments
    where ${ofPlatform(sql, platform)} and payment_store_id = ${payment.storeId}
      and payment_type = ${payment.type} and payment_id = ${payment.id}`
  return row ?? nothing
}

export type CapExceeded = Refusal<
  | 'PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT'
  | 'PLATFORM_SETTLEMENT_TAX_FREE_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT'
  | 'PLATFORM_SETTLEMENT_SUPPLY_WITH_VAT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT'
>

/**
 * Which part of a payment of ours the order would exceed together with what is already registered. PortOne compares
 * what was paid, after discounts, so that coupons of the merchant do not count; cancelling gives nothing back.
 */
export const capExceeded = (
  cap: NonNullable<OrderPayment['cap']>,
  registered: Registered,
  { payment, paymentTaxFree }: Pick<OrderAmounts, 'payment' | 'paymentTaxFree'>,
): CapExceeded | undefined => {
  const [requested, requestedTaxFree] = [Number(payment), Number(paymentTaxFree)]
  const explain = (what: string) => `The order transfers of the payment would settle more than its ${what}.`
  if (registered.payment + requested > cap.payment)
    return new Refusal({
      type: 'PLATFORM_SETTLEMENT_PAYMENT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
      message: explain('amount'),
      registeredSettlementPaymentAmount: registered.payment,
      requestSettlementPaymentAmount: requested,
      portOnePaymentAmount: cap.payment,
    })
  if (registered.taxFree + requestedTaxFree > cap.taxFree)
    return new Refusal({
      type: 'PLATFORM_SETTLEMENT_TAX_FREE_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
      message: explain('tax-free amount'),
      registeredSettlementTaxFreeAmount: registered.taxFree,
      requestSettlementTaxFreeAmount: requestedTaxFree,
      portOneTaxFreeAmount: cap.taxFree,
    })
  const taxable = registered.payment - registered.taxFree
  if (taxable + requested - requestedTaxFree > cap.payment - cap.taxFree)
    return new Refusal({
      type: 'PLATFORM_SETTLEMENT_SUPPLY_WITH_VAT_AMOUNT_EXCEEDED_PORT_ONE_PAYMENT',
      message: explain('taxable amount'),
      registeredSettlementSupplyWithVatAmount: taxable,
      requestSettlementSupplyWithVatAmount: requested - requestedTaxFree,
      portOneSupplyWithVatAmount: cap.payment - cap.taxFree,
    })
  return undefined
}
