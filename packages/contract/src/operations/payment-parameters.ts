import { object, string } from '../schema.ts'

const paymentId = string('The id the merchant chose for the payment, percent-encoded.')

export const paymentPath = object('PaymentPath', 'Which payment is meant.', { paymentId })

export const cancellationPath = object('CancellationPath', 'Which cancellation of which payment is meant.', {
  paymentId,
  cancellationId: string("The id of the payment's cancellation."),
})
