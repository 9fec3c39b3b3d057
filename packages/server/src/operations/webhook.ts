import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import { paymentNotFound } from '../payments/rules/not-found.ts'
import { representative } from '../payments/state/payment.ts'
import { resendWebhook } from '../webhooks/resend.ts'
import { forStore } from './for-store.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'access' | 'payments' | 'webhooks'>

export const webhookOperations = ({ access, payments, webhooks }: Parts): Pick<Handlers, 'resendWebhook'> => ({
  resendWebhook: forStore(access, async ({ path, body, store }) => {
    const { paymentId } = path
    const { state } = await payments.process.load({ store, id: paymentId })
    if (!representative(state)) return paymentNotFound(paymentId)
    const webhook = await resendWebhook(webhooks, { storeId: store.storeId, paymentId, webhookId: body.webhookId })
    return webhook instanceof Refusal ? webhook : { webhook }
  }),
})
