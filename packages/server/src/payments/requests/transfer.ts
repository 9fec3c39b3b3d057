import type { PaymentMethod, SandboxTransferInput } from '@naru/contract'
import type { Refusal } from '../../kernel/refusal.ts'
import { refuseAccountNumber } from './bank-account-input.ts'

type Account = Pick<SandboxTransferInput, 'bank' | 'accountNumber'>

export const refuseTransfer = ({ accountNumber }: Account): Refusal<'INVALID_REQUEST'> | undefined =>
  accountNumber === undefined ? undefined : refuseAccountNumber(accountNumber, 'method.transfer.accountNumber')

/** The buyer's account as it is kept and shown: the last four digits. */
export const transferMethod = ({ bank, accountNumber }: Account) => {
  const digits = accountNumber?.replaceAll('-', '')
  const masked = digits && { accountNumber: '*'.repeat(digits.length - 4) + digits.slice(-4) }
  return { type: 'PaymentMethodTransfer', bank, ...masked } as const satisfies PaymentMethod
}
