import { boolean, described, enumeration, line, object, optional, type Static } from '../../schema.ts'
import { versionFields } from './lifecycle.ts'

export const SettlementAmountType = enumeration(
  'SettlementAmountType',
  'Whether settlement amounts contain the VAT (`GROSS`) or it is added when a business is paid (`NET`).',
  ['NET', 'GROSS'],
)
export type SettlementAmountType = Static<typeof SettlementAmountType>

const memos = {
  defaultWithdrawalMemo: optional(line("The text for the merchant's own bank statement, unless a payout has another.")),
  defaultDepositMemo: optional(line("The text for the partner's bank statement, unless a payout has another.")),
}
const supportsMultipleOrderTransfersPerPartner = boolean(
  'Whether one payment may have several order transfers for the same partner.',
)
const adjustSettlementDateAfterHolidayIfEarlier = boolean(
  'Whether a settlement date that moves back to the settlement start date or before it moves forward instead.',
)
const deductWht = boolean('Whether withholding tax is taken off payouts to partners who are subject to it.')
const settlementAmountType = described(
  SettlementAmountType,
  'Matters only for businesses under normal or simplified taxation: `NORMAL`, `SIMPLE_TAX_INVOICE_ISSUER` and `SIMPLE`, though the last issues no tax invoices.',
)
const manualSettlementPerTransfer = boolean(
  'Whether each manual transfer has a settlement and a payout of its own. If so, none may be negative. What holds when a transfer is registered stays so for it.',
)

export const PlatformSetting = object('PlatformSetting', "The merchant's rules for settlement.", {
  ...memos,
  supportsMultipleOrderTransfersPerPartner,
  adjustSettlementDateAfterHolidayIfEarlier,
  deductWht,
  settlementAmountType,
  isForTest: versionFields.isForTest,
  manualSettlementPerTransfer,
})
export type PlatformSetting = Static<typeof PlatformSetting>

export const UpdatePlatformSettingBody = object(
  'UpdatePlatformSettingBody',
  'What to change of the rules. Fields that are absent stay as they are.',
  {
    ...memos,
    supportsMultipleOrderTransfersPerPartner: optional(supportsMultipleOrderTransfersPerPartner),
    adjustSettlementDateAfterHolidayIfEarlier: optional(adjustSettlementDateAfterHolidayIfEarlier),
    deductWht: optional(deductWht),
    settlementAmountType: optional(settlementAmountType),
    manualSettlementPerTransfer: optional(manualSettlementPerTransfer),
  },
)
export type UpdatePlatformSettingBody = Static<typeof UpdatePlatformSettingBody>

export const UpdatePlatformSettingResponse = object('UpdatePlatformSettingResponse', 'The rules were changed.', {
  setting: PlatformSetting,
})
export type UpdatePlatformSettingResponse = Static<typeof UpdatePlatformSettingResponse>
