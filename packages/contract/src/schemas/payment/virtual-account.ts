import { dateTime, enumeration, integer, object, optional, type Static, string } from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { CashReceiptInputType } from './cash-receipt.ts'

export const InstantPaymentMethodInputVirtualAccountCashReceiptInfo = object(
  'InstantPaymentMethodInputVirtualAccountCashReceiptInfo',
  'The cash receipt to issue when the deposit arrives.',
  {
    type: CashReceiptInputType,
    customerIdentityNumber: string(
      'Whom to issue the receipt to: a telephone number, cash-receipt card number or business registration number.',
    ),
  },
)
export type InstantPaymentMethodInputVirtualAccountCashReceiptInfo = Static<
  typeof InstantPaymentMethodInputVirtualAccountCashReceiptInfo
>

export const InstantPaymentMethodInputVirtualAccountExpiry = object(
  'InstantPaymentMethodInputVirtualAccountExpiry',
  'How long the account takes a deposit; give exactly one.',
  {
    validHours: optional(integer('For how many hours the account takes a deposit. Give either this or `dueDate`.')),
    dueDate: optional(
      dateTime('The last instant for the deposit; must be in the future. Give either this or `validHours`.'),
    ),
  },
)
export type InstantPaymentMethodInputVirtualAccountExpiry = Static<typeof InstantPaymentMethodInputVirtualAccountExpiry>

export const InstantPaymentMethodInputVirtualAccountOptionFixed = object(
  'InstantPaymentMethodInputVirtualAccountOptionFixed',
  'Which fixed account to issue; give exactly one.',
  {
    pgAccountId: optional(
      string("The payment gateway's id of the fixed account. Give either this or `accountNumber`."),
    ),
    accountNumber: optional(string('The number of the fixed account. Give either this or `pgAccountId`.')),
  },
)
export type InstantPaymentMethodInputVirtualAccountOptionFixed = Static<
  typeof InstantPaymentMethodInputVirtualAccountOptionFixed
>

export const InstantPaymentMethodInputVirtualAccountOptionType = enumeration(
  'InstantPaymentMethodInputVirtualAccountOptionType',
  '`NORMAL` for a number used once, `FIXED` for one that is used again.',
  ['NORMAL', 'FIXED'],
)
export type InstantPaymentMethodInputVirtualAccountOptionType = Static<
  typeof InstantPaymentMethodInputVirtualAccountOptionType
>

export const InstantPaymentMethodInputVirtualAccountOption = object(
  'InstantPaymentMethodInputVirtualAccountOption',
  'What kind of account to issue.',
  {
    type: InstantPaymentMethodInputVirtualAccountOptionType,
    fixed: optional(InstantPaymentMethodInputVirtualAccountOptionFixed),
  },
)
export type InstantPaymentMethodInputVirtualAccountOption = Static<typeof InstantPaymentMethodInputVirtualAccountOption>

export const InstantPaymentMethodInputVirtualAccount = object(
  'InstantPaymentMethodInputVirtualAccount',
  'To issue a virtual account.',
  {
    bank: Bank,
    expiry: InstantPaymentMethodInputVirtualAccountExpiry,
    option: InstantPaymentMethodInputVirtualAccountOption,
    cashReceipt: optional(InstantPaymentMethodInputVirtualAccountCashReceiptInfo),
    remitteeName: optional(string('The name the account is shown under to whoever pays into it.')),
  },
)
export type InstantPaymentMethodInputVirtualAccount = Static<typeof InstantPaymentMethodInputVirtualAccount>

export const CloseVirtualAccountResponse = object('CloseVirtualAccountResponse', 'The virtual account was closed.', {
  closedAt: dateTime('When the account was closed.'),
})
export type CloseVirtualAccountResponse = Static<typeof CloseVirtualAccountResponse>
