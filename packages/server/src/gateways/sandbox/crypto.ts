import type { Currency } from '@naru/contract'
import { type Instant, minute, second, storeTime } from '../../kernel/clock.ts'
import { minorUnitDigits } from '../../kernel/currency.ts'
import type { Amount } from '../../kernel/money.ts'
import type { CryptoTransfer, WindowContext } from '../port/window.ts'
import { identifiersOf } from './books/identifiers.ts'
import { find } from './books/ledger.ts'
import type { Transaction } from './books/transaction.ts'
import type { SandboxParts } from './parts.ts'
import { rememberedBehaviour } from './scenarios/codes.ts'

/** How long a rate holds, and with it what is to be sent. */
export const cryptoLifetime = 30 * minute

/**
 * What the sandbox PG waits for, in a coin of its own: no wallet knows it, so that nobody who scans the code sends money. One
 * coin is a thousand of any currency.
 */
export const cryptoTransfer = async (
  { sql }: Pick<SandboxParts, 'sql'>,
  { storeId, reference, clock }: Pick<WindowContext, 'storeId' | 'reference' | 'clock'>,
): Promise<CryptoTransfer | undefined> => {
  const payment = await find(sql, storeId, reference)
  if (payment?.kind !== 'CRYPTO' || payment.state !== 'PENDING') return undefined
  const { currency, createdAt } = payment
  const arrived = arrivedOf(payment, storeTime(clock))
  const [amount, address] = [coinsFor(payment.amount - arrived, currency), addressFor(payment)]
  const asked = { coin: 'SBX', amount, address, uri: `sbx:${address}?amount=${amount}` }
  const expiresAt = createdAt + cryptoLifetime
  return { ...asked, expiresAt, received: arrived === 0 ? undefined : coinsFor(arrived, currency) }
}

/** How long the first half takes. */
const transferTakes = 5 * second

/** Somebody sent too little, and may still send the rest. */
const arrivedOf = ({ code, amount, createdAt }: Transaction, now: Instant): Amount => {
  const isHalfThere = rememberedBehaviour(code).isUnderpaid && now >= createdAt + transferTakes
  return isHalfThere ? Math.floor(amount / 2) : 0
}

const coinsFor = (amount: Amount, currency: Currency): string => {
  const decimals = minorUnitDigits(currency) + 3
  const digits = String(amount).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '')
}

const addressFor = ({ channelKey, reference }: Transaction): string => {
  const { id, accountDigits } = identifiersOf(channelKey, 'crypto-address', reference)
  return `sbx1${id.slice(4)}${accountDigits}`
}
