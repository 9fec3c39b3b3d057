import type { SettlementAmountType } from '@naru/contract'
import { type CalculatorText, defaultCalculator } from '../transfers/arithmetic/calculator.ts'

/**
 * How a merchant settles: what `/platform/setting` shows, and what PortOne keeps in its console. It is versioned like a
 * contract, so that a transfer can name the formulas by which it was computed.
 */
export type SettingContent = {
  readonly defaultWithdrawalMemo?: string
  readonly defaultDepositMemo?: string
  readonly supportsMultipleOrderTransfersPerPartner: boolean
  readonly adjustSettlementDateAfterHolidayIfEarlier: boolean
  readonly deductWht: boolean
  readonly settlementAmountType: SettlementAmountType
  readonly manualSettlementPerTransfer: boolean
  /** The formulas and their rounding, which PortOne's console calls the calculator. */
  readonly calculator: CalculatorText
  readonly parameters: readonly SettlementParameter[]
  readonly properties: readonly PropertyDefinition[]
}

/** A variable of the merchant's own, which a transfer may set: `decimal` × 10^-`decimalScale`. */
export type SettlementParameter = {
  readonly key: string
  readonly name: string
  readonly defaultValue: { readonly decimal: number; readonly decimalScale: number }
}

/** A field of the merchant's own on partners or on transfers. Its key never changes. */
export type PropertyDefinition = {
  readonly key: string
  readonly name: string
  readonly objectType: 'PARTNER' | 'TRANSFER'
  readonly isSecret: boolean
}

/** What PortOne documents for a merchant that has set nothing. */
export const defaultSetting: SettingContent = {
  supportsMultipleOrderTransfersPerPartner: false,
  adjustSettlementDateAfterHolidayIfEarlier: true,
  deductWht: true,
  settlementAmountType: 'GROSS',
  manualSettlementPerTransfer: false,
  calculator: defaultCalculator,
  parameters: [],
  properties: [],
}
