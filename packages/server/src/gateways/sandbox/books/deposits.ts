import type { Instant } from '../../../kernel/clock.ts'
import type { Amount } from '../../../kernel/money.ts'
import { rememberedBehaviour } from '../scenarios/codes.ts'
import type { Transaction } from './transaction.ts'

/** Why a bank sends a deposit back. */
export type DepositRejection =
  | 'NO_SUCH_ACCOUNT'
  | 'WRONG_AMOUNT'
  | 'CLOSED'
  | 'EXPIRED'
  | 'ALREADY_DEPOSITED'
  | 'REFUSED'

/** Whether the bank takes a deposit into this virtual account now: undefined when it does. */
export const depositRejection = (account: Transaction, amount: Amount, now: Instant): DepositRejection | undefined => {
  if (account.kind !== 'VIRTUAL_ACCOUNT') return 'NO_SUCH_ACCOUNT'
  const { acceptsLateDeposit, neverDeposited } = rememberedBehaviour(account.code)
  const isExpired = now >= account.data.expiresAt
  switch (account.state) {
    case 'NONE':
    case 'PENDING':
    case 'FAILED':
      return 'NO_SUCH_ACCOUNT'
    case 'DEPOSITED':
    case 'APPROVED':
      return 'ALREADY_DEPOSITED'
    case 'CLOSED':
      if (!(acceptsLateDeposit && isExpired)) return 'CLOSED'
      break
    case 'WAITING':
      if (isExpired && !acceptsLateDeposit) return 'EXPIRED'
  }
  if (neverDeposited) return 'REFUSED'
  return amount === account.amount ? undefined : 'WRONG_AMOUNT'
}
