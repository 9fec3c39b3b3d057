import type Type from 'typebox'
import type { OperationDefinition } from './operation.ts'
import { additionalFeatureOperations } from './operations/additional-feature.ts'
import { authOperations } from './operations/auth.ts'
import { billingKeyOperations } from './operations/billing-key.ts'
import { cashReceiptOperations } from './operations/cash-receipt.ts'
import { commonOperations } from './operations/common.ts'
import { identityVerificationOperations } from './operations/identity-verification.ts'
import { paymentApprovalOperations } from './operations/payment-approval.ts'
import { paymentCancellationOperations } from './operations/payment-cancellation.ts'
import { paymentFulfilmentOperations } from './operations/payment-fulfilment.ts'
import { paymentReadingOperations } from './operations/payment-reading.ts'
import { paymentScheduleOperations } from './operations/payment-schedule.ts'
import { paymentSessionOperations } from './operations/payment-session.ts'
import { pgSpecificOperations } from './operations/pg-specific.ts'
import { platformOperations } from './operations/platform.ts'
import { platformAccountTransferOperations } from './operations/platform-account-transfer.ts'
import { platformAdditionalFeePolicyOperations } from './operations/platform-additional-fee-policy.ts'
import { platformContractOperations } from './operations/platform-contract.ts'
import { platformDiscountSharePolicyOperations } from './operations/platform-discount-share-policy.ts'
import { platformLookUpOperations } from './operations/platform-look-up.ts'
import { platformPartnerOperations } from './operations/platform-partner.ts'
import { platformPartnerConnectionOperations } from './operations/platform-partner-connection.ts'
import { platformPartnerScheduleOperations } from './operations/platform-partner-schedule.ts'
import { platformPartnerSettlementOperations } from './operations/platform-partner-settlement.ts'
import { platformPayoutOperations } from './operations/platform-payout.ts'
import { platformTransferOperations } from './operations/platform-transfer.ts'
import { promotionOperations } from './operations/promotion.ts'
import { reconciliationOperations } from './operations/reconciliation.ts'
import { sandboxOperations } from './operations/sandbox.ts'
import { sandboxBillingKeyOperations } from './operations/sandbox-billing-key.ts'
import { sandboxClockOperations } from './operations/sandbox-clock.ts'
import { sandboxIdentityOperations } from './operations/sandbox-identity.ts'
import { sandboxLedgerOperations } from './operations/sandbox-ledger.ts'
import { sandboxPaymentOperations } from './operations/sandbox-payment.ts'
import { sandboxPlatformOperations } from './operations/sandbox-platform.ts'
import { sandboxPromotionOperations } from './operations/sandbox-promotion.ts'
import { sandboxReconciliationOperations } from './operations/sandbox-reconciliation.ts'
import { sandboxScriptOperations } from './operations/sandbox-script.ts'
import { webhookOperations } from './operations/webhook.ts'
import type { Static } from './schema.ts'

/** The one table of operations: routes, validation, the types of handlers and the OpenAPI document are made from it. */
export const operations = {
  ...authOperations,
  ...commonOperations,
  ...paymentReadingOperations,
  ...paymentApprovalOperations,
  ...paymentCancellationOperations,
  ...paymentFulfilmentOperations,
  ...webhookOperations,
  ...paymentScheduleOperations,
  ...billingKeyOperations,
  ...cashReceiptOperations,
  ...promotionOperations,
  ...paymentSessionOperations,
  ...additionalFeatureOperations,
  ...identityVerificationOperations,
  ...pgSpecificOperations,
  ...reconciliationOperations,
  ...platformOperations,
  ...platformContractOperations,
  ...platformAdditionalFeePolicyOperations,
  ...platformDiscountSharePolicyOperations,
  ...platformPartnerOperations,
  ...platformPartnerScheduleOperations,
  ...platformPartnerConnectionOperations,
  ...platformLookUpOperations,
  ...platformTransferOperations,
  ...platformPartnerSettlementOperations,
  ...platformPayoutOperations,
  ...platformAccountTransferOperations,
  ...sandboxOperations,
  ...sandboxClockOperations,
  ...sandboxPaymentOperations,
  ...sandboxBillingKeyOperations,
  ...sandboxIdentityOperations,
  ...sandboxReconciliationOperations,
  ...sandboxLedgerOperations,
  ...sandboxScriptOperations,
  ...sandboxPromotionOperations,
  ...sandboxPlatformOperations,
} satisfies Record<string, OperationDefinition>

export type OperationId = keyof typeof operations

/** The definition of one operation, with all its literals. */
export type Operation<Id extends OperationId> = (typeof operations)[Id]

export type PathParameters<Id extends OperationId> = Parameters<Operation<Id>, 'pathParameters'>

export type QueryParameters<Id extends OperationId> = Parameters<Operation<Id>, 'queryParameters'>

/** What the client sends; `undefined` for an operation that takes no body. */
export type Body<Id extends OperationId> =
  Operation<Id> extends { readonly body: infer Schema extends Type.TSchema } ? Static<Schema> : undefined

/** What a client receives with HTTP 200. */
export type Success<Id extends OperationId> = Static<Operation<Id>['success']>

/** The error types the operation may answer with. */
export type OperationError<Id extends OperationId> = Operation<Id>['errors'][number]

type Parameters<Definition, Name extends string> =
  Definition extends Readonly<Record<Name, infer Schema extends Type.TSchema>> ? Static<Schema> : Record<never, never>

/** The operations of the table, in its order, where only their common shape matters. */
export const operationEntries = (): readonly (readonly [OperationId, OperationDefinition])[] =>
  operationIds.map((id) => [id, operations[id]])

const isOperationId = (id: string): id is OperationId => Object.hasOwn(operations, id)

export const operationIds: readonly OperationId[] = Object.keys(operations).filter(isOperationId)
