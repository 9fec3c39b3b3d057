import { dateTime, enumeration, integer, object, optional, type Static, string } from '../schema.ts'
import { Bank } from './bank.ts'
import { CashReceiptInputType } from './payment-cash-receipt.ts'

export const InstantPaymentMethodInputVirtualAccountCashReceiptInfo = object(
  'InstantPaymentMethodInputVirtualAccountCashReceiptInfo',
  '',
  {
    type: CashReceiptInputType,
    customerIdentityNumber: string(),
  },
)
export type InstantPaymentMethodInputVirtualAccountCashReceiptInfo = Static<
  typeof InstantPaymentMethodInputVirtualAccountCashReceiptInfo
>

export const InstantPaymentMethodInputVirtualAccountExpiry = object(
  'InstantPaymentMethodInputVirtualAccountExpiry',
  '',
  {
    validHours: optional(integer()),
    dueDate: optional(dateTime()),
  },
)
export type InstantPaymentMethodInputVirtualAccountExpiry = Static<typeof InstantPaymentMethodInputVirtualAccountExpiry>

export const InstantPaymentMethodInputVirtualAccountOptionFixed = object(
  'InstantPaymentMethodInputVirtualAccountOptionFixed',
  '',
  {
    pgAccountId: optional(string()),
    accountNumber: optional(string()),
  },
)
export type InstantPaymentMethodInputVirtualAccountOptionFixed = Static<
  typeof InstantPaymentMethodInputVirtualAccountOptionFixed
>

export const InstantPaymentMethodInputVirtualAccountOptionType = enumeration(
  'InstantPaymentMethodInputVirtualAccountOptionType',
  '',
  ['NORMAL', 'FIXED'],
)
export type InstantPaymentMethodInputVirtualAccountOptionType = Static<
  typeof InstantPaymentMethodInputVirtualAccountOptionType
>

export const InstantPaymentMethodInputVirtualAccountOption = object(
  'InstantPaymentMethodInputVirtualAccountOption',
  '',
  {
    type: InstantPaymentMethodInputVirtualAccountOptionType,
    fixed: optional(InstantPaymentMethodInputVirtualAccountOptionFixed),
  },
)
export type InstantPaymentMethodInputVirtualAccountOption = Static<typeof InstantPaymentMethodInputVirtualAccountOption>

export const InstantPaymentMethodInputVirtualAccount = object('InstantPaymentMethodInputVirtualAccount', '', {
  bank: Bank,
  expiry: InstantPaymentMethodInputVirtualAccountExpiry,
  option: InstantPaymentMethodInputVirtualAccountOption,
  cashReceipt: optional(InstantPaymentMethodInputVirtualAccountCashReceiptInfo),
  remitteeName: optional(string()),
})
export type InstantPaymentMethodInputVirtualAccount = Static<typeof InstantPaymentMethodInputVirtualAccount>

export const CloseVirtualAccountResponse = object('CloseVirtualAccountResponse', '', {
  closedAt: dateTime(),
})
export type CloseVirtualAccountResponse = Static<typeof CloseVirtualAccountResponse>
