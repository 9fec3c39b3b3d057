import type { PlatformParts } from '../platform/module.ts'
import { platformAdditionalFeePolicyOperations } from './platform-additional-fee-policy.ts'
import { platformContractOperations } from './platform-contract.ts'
import { platformDiscountSharePolicyOperations } from './platform-discount-share-policy.ts'
import { platformLookUpOperations } from './platform-look-up.ts'
import { platformPartnerOperations } from './platform-partner.ts'
import { platformPartnerConnectionOperations } from './platform-partner-connection.ts'
import { platformPartnerScheduleOperations } from './platform-partner-schedule.ts'
import { platformPayingOperations } from './platform-paying.ts'
import { platformPayoutOperations } from './platform-payout.ts'
import { platformSettingOperations } from './platform-setting.ts'
import { platformSettlementOperations } from './platform-settlement.ts'
import { platformTransferOperations } from './platform-transfer.ts'
import { platformTransferReadingOperations } from './platform-transfer-reading.ts'

/** Partner settlement, as PortOne documents it. */
export const platformOperations = (parts: PlatformParts) => ({
  ...platformSettingOperations(parts),
  ...platformContractOperations(parts),
  ...platformAdditionalFeePolicyOperations(parts),
  ...platformDiscountSharePolicyOperations(parts),
  ...platformPartnerOperations(parts),
  ...platformPartnerScheduleOperations(parts),
  ...platformPartnerConnectionOperations(parts),
  ...platformLookUpOperations(parts),
  ...platformTransferOperations(parts),
  ...platformTransferReadingOperations(parts),
  ...platformSettlementOperations(parts),
  ...platformPayoutOperations(parts),
  ...platformPayingOperations(parts),
})
