import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { PlatformParts } from '../parts.ts'
import type { Platform } from '../platform.ts'
import { totalOf } from '../sums.ts'
import { type Balance, readBalance } from './balance.ts'

/** The account, and what nobody has a claim to: neither ordered nor owed to partners. It may be below zero. */
export type Account = Balance & { readonly free: number }

type AccountParts = Pick<PlatformParts, 'sql' | 'bankOf' | 'clockOf'>

export const readAccount = async (
  { sql, bankOf, clockOf }: AccountParts,
  platform: Platform,
): Promise<Account | Refusal<'INVALID_REQUEST'>> => {
  const bank = bankOf(platform)
  if (bank === undefined) return noBank
  const account = await readBalance(sql, platform, bank, await clockOf(platform.store.storeId))
  return account === undefined
    ? noBalance
    : { ...account, free: totalOf([account.balance, -account.ordered, -account.owed]) }
}

const noBank = refuse(
  'INVALID_REQUEST',
  'There is no bank that this platform could pay through. Record what is paid elsewhere with complete-payout; cancel payouts that were generated first.',
)

const noBalance = refuse('INVALID_REQUEST', 'The bank does not say what is in the account. Try again.')

/** Why the account cannot pay so much, if so. For people, who hear of it before the bank refuses one payout after the other. */
export const refuseTooMuch = (
  { balance, ordered }: Account,
  amount: number,
): Refusal<'INVALID_REQUEST'> | undefined => {
  const left = balance - ordered
  if (amount <= left) return undefined
  return refuse(
    'INVALID_REQUEST',
    `The amount of ${amount} KRW is too much: the account has at most ${left} KRW that nobody has ordered yet. ` +
      'Order less, such as some payouts by their payoutIds, or pay into the account first.',
  )
}

/**
 * Somebody else has ordered from the account since it was read, and there may not be enough for both. Undoes the transaction
 * that orders, together with its approval: a second factor is good once.
 */
export class OrderedMeanwhile extends Error {}
