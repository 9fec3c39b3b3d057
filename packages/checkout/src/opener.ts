import type { CheckoutView } from '@naru/contract'
import { transactionId } from './api.ts'

/**
 * Tells whoever opened us that we are done; what came of it they ask the server. Returns whether anybody is there.
 */
export const tellOpener = ({ mode, shopOrigin = '*' }: Pick<CheckoutView, 'mode' | 'shopOrigin'>): boolean => {
  const opener: Window | null = mode === 'IFRAME' ? (parent === window ? null : parent) : window.opener
  opener?.postMessage({ naru: 'done', txId: transactionId }, shopOrigin)
  return opener !== null
}
