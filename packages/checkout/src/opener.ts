import type { CheckoutView } from '@naru/contract'

/** The number by which the shop's page knows that it is us. */
const nonce = location.hash.slice(1)

/**
 * Tells whoever opened us that we are done; what came of it they ask the server. Returns whether anybody is there.
 */
export const tellOpener = ({ mode, shopOrigin = '*' }: Pick<CheckoutView, 'mode' | 'shopOrigin'>): boolean => {
  const opener: Window | null = mode === 'IFRAME' ? (parent === window ? null : parent) : window.opener
  opener?.postMessage({ naru: 'done', nonce }, shopOrigin)
  return opener !== null
}
