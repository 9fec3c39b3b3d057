import type { Currency } from '@naru/contract'
import { type Refusal, refuse } from '../kernel/refusal.ts'

/** The currencies that PortOne settles in. Nothing is ever converted. */
const settlementCurrencies: readonly Currency[] = ['KRW', 'USD', 'JPY', 'EUR', 'CNY', 'TWD', 'AUD', 'THB', 'HKD']

export const isSettlementCurrency = (currency: Currency): boolean => settlementCurrencies.includes(currency)

export const currencyNotSupported = (currency: Currency): Refusal<'PLATFORM_CURRENCY_NOT_SUPPORTED'> =>
  refuse(
    'PLATFORM_CURRENCY_NOT_SUPPORTED',
    `${currency} is not a currency of settlement. Use one of ${settlementCurrencies.join(', ')}.`,
  )
