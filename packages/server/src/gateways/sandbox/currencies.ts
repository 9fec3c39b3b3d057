import type { BrowserPayMethod } from '@naru/contract'
import { isMoney } from '../../kernel/currency.ts'
import type { PaymentTerms } from '../port/window.ts'

/** Korean banks, carriers and vouchers move won and nothing else. */
const onlyInWon: ReadonlySet<BrowserPayMethod> = new Set(['TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE', 'GIFT_CERTIFICATE'])

/** Why the sandbox PG takes no payment by a method in a currency. */
export const refusedCurrency = ({ payMethod, currency }: PaymentTerms): string | undefined => {
  if (!isMoney(currency))
    return `currency: nobody can pay in ${currency}. Use the currency of a country, such as KRW or USD.`
  if (currency === 'KRW' || !onlyInWon.has(payMethod)) return undefined
  return `currency: ${payMethod} is paid in KRW only, not in ${currency}. Use KRW, or another payMethod such as CARD.`
}
