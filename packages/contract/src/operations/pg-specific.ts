import { operation } from '../operation.ts'
import { object, string } from '../schema.ts'
import { GetKakaopayPaymentOrderResponse } from '../schemas/payment/kakaopay.ts'
import { ConfirmPaymentwallDeliveryBody, ConfirmPaymentwallDeliveryResponse } from '../schemas/payment/paymentwall.ts'

const orderQuery = object('KakaopayOrderQuery', 'Which order is meant.', {
  pgTxId: string("KakaoPay's own id of the transaction (`tid`)."),
  channelKey: string('The KakaoPay channel.'),
})

export const pgSpecificOperations = {
  getKakaopayPaymentOrder: operation({
    category: 'pgSpecific',
    method: 'GET',
    path: '/kakaopay/payment/order',
    summary: 'Ask KakaoPay about an order',
    description: "Passes KakaoPay's answer on as it is. The operation succeeds even where KakaoPay answers an error.",
    authenticated: true,
    queryParameters: orderQuery,
    success: GetKakaopayPaymentOrderResponse,
    errors: ['INVALID_REQUEST', 'UNAUTHORIZED'],
  }),
  confirmPaymentwallDelivery: operation({
    category: 'pgSpecific',
    method: 'POST',
    path: '/paymentwall/delivery/confirm',
    summary: 'Register evidence of a delivery at Paymentwall',
    description:
      'Tells Paymentwall how a delivery stands, as evidence in disputes. Refuses physical goods without a complete address and tracking number.',
    authenticated: true,
    body: ConfirmPaymentwallDeliveryBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ConfirmPaymentwallDeliveryResponse,
    errors: ['INVALID_REQUEST', 'UNAUTHORIZED', 'PAYMENT_NOT_FOUND'],
  }),
}
