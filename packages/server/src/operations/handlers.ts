import type { Handlers } from '../http/handler.ts'
import { additionalFeatureOperations } from './additional-feature.ts'
import { billingKeyOperations } from './billing-key.ts'
import { cashReceiptOperations } from './cash-receipt.ts'
import { commonOperations } from './common.ts'
import { identityVerificationOperations } from './identity-verification.ts'
import type { OperationParts } from './parts.ts'
import { paymentApprovalOperations } from './payment-approval.ts'
import { paymentCancellationOperations } from './payment-cancellation.ts'
import { paymentFulfilmentOperations } from './payment-fulfilment.ts'
import { paymentReadingOperations } from './payment-reading.ts'
import { paymentScheduleOperations } from './payment-schedule.ts'
import { paymentSessionOperations } from './payment-session.ts'
import { pgSpecificOperations } from './pg-specific.ts'
import { platformOperations } from './platform.ts'
import { platformAccountTransferOperations } from './platform-account-transfer.ts'
import { platformAdditionalFeePolicyOperations } from './platform-additional-fee-policy.ts'
import { platformContractOperations } from './platform-contract.ts'
import { platformDiscountSharePolicyOperations } from './platform-discount-share-policy.ts'
import { platformLookUpOperations } from './platform-look-up.ts'
import { platformPartnerOperations } from './platform-partner.ts'
import { platformPartnerConnectionOperations } from './platform-partner-connection.ts'
import { platformPartnerScheduleOperations } from './platform-partner-schedule.ts'
import { platformPartnerSettlementOperations } from './platform-partner-settlement.ts'
import { platformPayoutOperations } from './platform-payout.ts'
import { platformTransferOperations } from './platform-transfer.ts'
import { promotionOperations } from './promotion.ts'
import { reconciliationOperations } from './reconciliation.ts'
import { sandboxOperations } from './sandbox.ts'
import { sandboxBillingKeyOperations } from './sandbox-billing-key.ts'
import { sandboxClockOperations } from './sandbox-clock.ts'
import { sandboxIdentityOperations } from './sandbox-identity.ts'
import { sandboxLedgerOperations } from './sandbox-ledger.ts'
import { sandboxPaymentOperations } from './sandbox-payment.ts'
import { sandboxPlatformOperations } from './sandbox-platform.ts'
import { sandboxPromotionOperations } from './sandbox-promotion.ts'
import { sandboxReconciliationOperations } from './sandbox-reconciliation.ts'
import { sandboxScriptOperations } from './sandbox-script.ts'
import { webhookOperations } from './webhook.ts'

/** All operations but those of authentication, which the HTTP layer itself is built from. */
export const operationHandlers = (parts: OperationParts): Omit<Handlers, 'loginViaApiSecret' | 'refreshToken'> => ({
  ...commonOperations,
  ...paymentReadingOperations(parts),
  ...paymentApprovalOperations(parts),
  ...paymentCancellationOperations(parts),
  ...paymentFulfilmentOperations(parts),
  ...webhookOperations(parts),
  ...paymentScheduleOperations(parts),
  ...paymentSessionOperations(parts),
  ...billingKeyOperations(parts),
  ...cashReceiptOperations(parts),
  ...promotionOperations(parts),
  ...additionalFeatureOperations(parts),
  ...identityVerificationOperations(parts),
  ...pgSpecificOperations(parts),
  ...reconciliationOperations(parts),
  ...platformOperations(parts.platform),
  ...platformContractOperations(parts.platform),
  ...platformAdditionalFeePolicyOperations(parts.platform),
  ...platformDiscountSharePolicyOperations(parts.platform),
  ...platformPartnerOperations(parts.platform),
  ...platformPartnerScheduleOperations(parts.platform),
  ...platformPartnerConnectionOperations(parts.platform),
  ...platformLookUpOperations(parts.platform),
  ...platformTransferOperations(parts.platform),
  ...platformPartnerSettlementOperations(parts.platform),
  ...platformPayoutOperations(parts.platform),
  ...platformAccountTransferOperations(parts.platform),
  ...sandboxOperations(parts),
  ...sandboxClockOperations(parts),
  ...sandboxPaymentOperations(parts),
  ...sandboxLedgerOperations(parts),
  ...sandboxScriptOperations(parts),
  ...sandboxPromotionOperations(parts),
  ...sandboxPlatformOperations(parts.platform),
  ...sandboxBillingKeyOperations(parts),
  ...sandboxIdentityOperations(parts),
  ...sandboxReconciliationOperations(parts),
})
