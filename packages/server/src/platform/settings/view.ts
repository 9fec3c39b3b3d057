import type { Platform as PlatformBody, PlatformSetting, SandboxPlatformDefinitions } from '@naru/contract'
import { graphqlId, type Platform } from '../platform.ts'
import type { SettingContent } from './content.ts'

/** The setting as `/platform/setting` answers it. */
export const settingView = ({ isForTest }: Platform, content: SettingContent): PlatformSetting => {
  const { defaultWithdrawalMemo, defaultDepositMemo } = content
  return {
    ...(defaultWithdrawalMemo === undefined ? {} : { defaultWithdrawalMemo }),
    ...(defaultDepositMemo === undefined ? {} : { defaultDepositMemo }),
    supportsMultipleOrderTransfersPerPartner: content.supportsMultipleOrderTransfersPerPartner,
    adjustSettlementDateAfterHolidayIfEarlier: content.adjustSettlementDateAfterHolidayIfEarlier,
    deductWht: content.deductWht,
    settlementAmountType: content.settlementAmountType,
    isForTest,
    manualSettlementPerTransfer: content.manualSettlementPerTransfer,
  }
}

/** The same setting as `/platform` answers it, which PortOne's earlier contract has. */
export const platformView = ({ merchantId }: Platform, content: SettingContent): PlatformBody => {
  const { platformFee, discountShare, additionalFee } = content.calculator
  return {
    merchantId,
    graphqlId: graphqlId('PLATFORM', merchantId),
    // One rounding for all, as the earlier contract had it; PortOne's console has set one for each formula since.
    roundType: platformFee.roundType,
    settlementFormula: {
      platformFee: platformFee.formula,
      discountShare: discountShare.formula,
      additionalFee: additionalFee.formula,
    },
    settlementRule: {
      supportsMultipleOrderTransfersPerPartner: content.supportsMultipleOrderTransfersPerPartner,
      adjustSettlementDateAfterHolidayIfEarlier: content.adjustSettlementDateAfterHolidayIfEarlier,
      subtractWhtInPayoutAmount: content.deductWht,
    },
  }
}

/** What the hosted service keeps in its console. */
export const definitionsView = ({ isForTest }: Platform, content: SettingContent): SandboxPlatformDefinitions => {
  const { vatRoundType, userDefined, ...formulas } = content.calculator
  return {
    isForTest,
    formulas,
    vatRoundType,
    userDefinedFormulas: [...userDefined],
    parameters: [...content.parameters],
    properties: [...content.properties],
  }
}
