import type { OpenedCheckout } from '@naru/contract'
import { slots } from '../server.ts'
import { ending, type OpenWindow } from './window.ts'

/**
 * The page in place of the shop's. It ends here only for a shopper who comes back to this very page, out of the browser's
 * cache: then whatever was not agreed to is over.
 */
export const openHere = ({ url }: OpenedCheckout): OpenWindow => {
  const { promise, end } = ending()
  const returned = ({ persisted }: PageTransitionEvent) => persisted && end('gone')
  addEventListener('pageshow', returned)
  location.assign(`${slots.CHECKOUT_SERVER}${url}`)
  return {
    ended: promise,
    hasSent: () => true,
    tearDown: (how = 'gone') => {
      removeEventListener('pageshow', returned)
      end(how)
    },
  }
}
