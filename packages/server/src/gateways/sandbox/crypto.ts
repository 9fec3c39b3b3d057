import { minute } from '../../kernel/clock.ts'
import { minorUnitDigits } from '../../kernel/currency.ts'
import type { CryptoTransfer, WindowContext } from '../port/window.ts'
import { identifiersOf } from './books/identifiers.ts'
import { find } from './books/ledger.ts'
import type { Transaction } from './books/transaction.ts'
import type { SandboxParts } from './parts.ts'

/** How long a rate holds, and with it what is to be sent. */
export const cryptoLifetime = 30 * minute

/**
 * What the sandbox PG waits for, in a coin of its own: no wallet knows it, so that nobody who scans the code sends money. One
 * coin is a thousand of any currency.
 */
export const cryptoTransfer = async (
  { sql }: Pick<SandboxParts, 'sql'>,
  { storeId, reference }: Pick<WindowContext, 'storeId' | 'reference'>,
): Promise<CryptoTransfer | undefined> => {
  const payment = await find(sql, storeId, reference)
  if (payment?.kind !== 'CRYPTO' || payment.state !== 'PENDING') return undefined
  const [amount, address] = [coinsFor(payment), addressFor(payment)]
  const expiresAt = payment.createdAt + cryptoLifetime
  return { coin: 'SBX', amount, address, uri: `sbx:${address}?amount=${amount}`, expiresAt }
}

const coinsFor = ({ amount, currency }: Transaction): string => {
  const decimals = minorUnitDigits(currency) + 3
  const digits = String(amount).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '')
}

const addressFor = ({ channelKey, reference }: Transaction): string => {
  const { id, accountDigits } = identifiersOf(channelKey, 'crypto-address', reference)
  return `sbx1${id.slice(4)}${accountDigits}`
}
