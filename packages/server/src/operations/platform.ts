import { platformContractOperations } from './platform-contract.ts'
import { platformLookUpOperations } from './platform-look-up.ts'
import { platformPartnerOperations } from './platform-partner.ts'
import { platformPayoutOperations } from './platform-payout.ts'
import { platformPolicyOperations } from './platform-policy.ts'
import { platformSettingOperations } from './platform-setting.ts'
import { platformSettlementOperations } from './platform-settlement.ts'
import { platformTransferOperations } from './platform-transfer.ts'
import { platformTransferReadingOperations } from './platform-transfer-reading.ts'

/** Partner settlement, as PortOne documents it. */
export const platformOperations = () => ({
  ...platformSettingOperations,
  ...platformContractOperations,
  ...platformPolicyOperations,
  ...platformPartnerOperations,
  ...platformLookUpOperations,
  ...platformTransferOperations,
  ...platformTransferReadingOperations,
  ...platformSettlementOperations,
  ...platformPayoutOperations,
})
