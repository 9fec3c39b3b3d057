import type { PaymentMethod, SandboxTransferInput } from '@naru/contract'
import type { Refusal } from '../kernel/refusal.ts'
import { invalid } from './input.ts'

type Account = Pick<SandboxTransferInput, 'bank' | 'accountNumber'>

/** Digits are counted without the hyphens: `1-----2` has two, fewer than are shown. */
export const refuseTransfer = ({ accountNumber }: Account): Refusal<'INVALID_REQUEST'> | undefined =>
  accountNumber === undefined || /^\d(?:-*\d){5,29}$/.test(accountNumber)
    ? undefined
    : invalid('method.transfer.accountNumber must be 6 to 30 digits, with or without hyphens.')

/** The buyer's account as it is kept and shown: the last four digits. */
export const transferMethod = ({ bank, accountNumber }: Account) => {
  const digits = accountNumber?.replaceAll('-', '')
  const masked = digits && { accountNumber: '*'.repeat(digits.length - 4) + digits.slice(-4) }
  return { type: 'PaymentMethodTransfer', bank, ...masked } as const satisfies PaymentMethod
}
