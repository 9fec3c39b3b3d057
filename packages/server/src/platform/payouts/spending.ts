import { Refusal, refuse } from '../../kernel/refusal.ts'
import { type again, inRounds } from '../../kernel/rounds.ts'
import type { PlatformParts } from '../parts.ts'
import type { Platform } from '../platform.ts'
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
  return account === undefined ? noBalance : { ...account, free: account.balance - account.ordered - account.owed }
}

const noBank = refuse(
  'INVALID_REQUEST',
  'There is no bank that this platform could pay through. Record what is paid elsewhere with complete-payout.',
)

const noBalance = refuse('INVALID_REQUEST', 'The bank does not say what is in the account. Try again.')

export type Spending<Done, R extends Refusal> = {
  /** What the order would take of the account now. */
  readonly amount: () => Promise<number>
  /** Who lets the money go. Asked once, and only where the account has enough: a second factor is good once. */
  readonly approve: () => Promise<string | R>
  /** Orders from the account as it was read; `again` where somebody else ordered from it since. */
  readonly order: (account: Account, actor: string) => Promise<Done | typeof again>
}

/**
 * Lets money go from the account, if it has enough and somebody approves. Whoever orders from it at the same time has it
 * read again, because there may not be enough for both.
 */
export const spend = async <Done, R extends Refusal>(
  parts: AccountParts,
  platform: Platform,
  { amount, approve, order }: Spending<Done, R>,
): Promise<Done | R | Refusal<'INVALID_REQUEST'>> => {
  const first = await affordable(parts, platform, await amount())
  if (first instanceof Refusal) return first
  const actor = await approve()
  if (actor instanceof Refusal) return actor
  let account: Account | undefined = first
  return await inRounds<Done | Refusal<'INVALID_REQUEST'>>('an order from the account', async () => {
    const current = account ?? (await affordable(parts, platform, await amount()))
    account = undefined
    return current instanceof Refusal ? current : await order(current, actor)
  })
}

/** The account, if it has enough. For people, who hear of it before the bank refuses one payout after the other. */
const affordable = async (
  parts: AccountParts,
  platform: Platform,
  amount: number,
): Promise<Account | Refusal<'INVALID_REQUEST'>> => {
  const account = await readAccount(parts, platform)
  if (account instanceof Refusal) return account
  const left = account.balance - account.ordered
  if (amount <= left) return account
  return refuse(
    'INVALID_REQUEST',
    `The amount of ${amount} KRW is too much: the account has at most ${left} KRW that nobody has ordered yet.`,
  )
}
