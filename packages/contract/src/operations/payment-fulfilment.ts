import { access, operation } from '../operation.ts'
import {
  ApplyEscrowLogisticsResponse,
  ConfirmEscrowBody,
  ConfirmEscrowResponse,
  ModifyEscrowLogisticsBody,
  ModifyEscrowLogisticsResponse,
  RegisterEscrowLogisticsBody,
} from '../schemas/payment/escrow-logistics.ts'
import { RegisterStoreReceiptBody, RegisterStoreReceiptResponse } from '../schemas/payment/store-receipt.ts'
import { paymentPath } from './payment-parameters.ts'

const paidErrors = [...access, 'PAYMENT_NOT_FOUND', 'PAYMENT_NOT_PAID', 'PG_PROVIDER'] as const

export const paymentFulfilmentOperations = {
  applyEscrowLogistics: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/escrow/logistics',
    summary: 'Register the shipment of an escrow payment',
    description:
      'Tells the gateway that the goods of an escrow payment are on their way, and how. Refuses a payment that is not paid or not under escrow.',
    authenticated: true,
    pathParameters: paymentPath,
    body: RegisterEscrowLogisticsBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ApplyEscrowLogisticsResponse,
    errors: paidErrors,
  }),
  modifyEscrowLogistics: operation({
    category: 'payment',
    method: 'PATCH',
    path: '/payments/{paymentId}/escrow/logistics',
    summary: 'Change the shipment of an escrow payment',
    description:
      'Replaces what was registered of the shipment. Refuses a payment whose shipment has not been registered; some gateways refuse any change.',
    authenticated: true,
    pathParameters: paymentPath,
    body: ModifyEscrowLogisticsBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ModifyEscrowLogisticsResponse,
    errors: paidErrors,
  }),
  confirmEscrow: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/escrow/complete',
    summary: 'Confirm an escrow purchase',
    description:
      'Confirms that the buyer keeps the goods, which releases the money to the merchant. Refuses a payment whose shipment has not been registered.',
    authenticated: true,
    pathParameters: paymentPath,
    body: ConfirmEscrowBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ConfirmEscrowResponse,
    errors: paidErrors,
  }),
  registerStoreReceipt: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/register-store-receipt',
    summary: 'Split the sales slip of a payment among stores',
    description:
      'For marketplaces: registers the stores that sold the goods, with the part of each, so that their names appear on the sales slip. Refuses a payment that is not paid, and parts that exceed it.',
    authenticated: true,
    pathParameters: paymentPath,
    body: RegisterStoreReceiptBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: RegisterStoreReceiptResponse,
    errors: paidErrors,
  }),
}
