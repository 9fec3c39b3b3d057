import { type Refusal, refuse } from '../../kernel/refusal.ts'

export const paymentNotFound = (paymentId: string): Refusal<'PAYMENT_NOT_FOUND'> =>
  refuse('PAYMENT_NOT_FOUND', `There is no payment ${paymentId} in this store.`)
