import { integer, object, type Static, string } from '../../schema.ts'

export const GetKakaopayPaymentOrderResponse = object('GetKakaopayPaymentOrderResponse', 'What KakaoPay answered.', {
  statusCode: integer("KakaoPay's HTTP status."),
  body: string("KakaoPay's answer: JSON, as text."),
})
export type GetKakaopayPaymentOrderResponse = Static<typeof GetKakaopayPaymentOrderResponse>
