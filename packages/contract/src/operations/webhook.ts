import { access, operation } from '../operation.ts'
import { ResendWebhookBody, ResendWebhookResponse } from '../schemas/common/webhook.ts'
import { paymentPath } from './payment-parameters.ts'

export const webhookOperations = {
  resendWebhook: operation({
    category: 'payment',
    method: 'POST',
    path: '/payments/{paymentId}/resend-webhook',
    summary: 'Send a webhook again',
    description:
      'Sends a webhook of the payment, by default the latest, to the URL and with the body of the first time, and returns what came of it: a failed delivery is still HTTP 200. Refuses when the webhook has been resent too often.',
    authenticated: true,
    pathParameters: paymentPath,
    body: ResendWebhookBody,
    bodyIn: 'body',
    bodyRequired: true,
    success: ResendWebhookResponse,
    errors: [...access, 'MAX_WEBHOOK_RETRY_COUNT_REACHED', 'PAYMENT_NOT_FOUND', 'WEBHOOK_NOT_FOUND'],
  }),
}
