import { optional } from '../schema.ts'
import { PlatformSettlementFormulaError } from '../schemas/platform/settlement-formula-error.ts'
import { error } from './definition.ts'
import { those } from './platform-fields.ts'

/** Of partner settlement as a whole, and of contracts and policies. */
export const platformPolicyErrors = {
  PLATFORM_INVALID_SETTLEMENT_FORMULA: error(
    400,
    'PlatformInvalidSettlementFormulaError',
    'A formula is invalid. The error says which one, and where.',
    {
      platformFee: optional(PlatformSettlementFormulaError),
      discountShare: optional(PlatformSettlementFormulaError),
      additionalFee: optional(PlatformSettlementFormulaError),
    },
  ),
  PLATFORM_NOT_ENABLED: error(403, 'PlatformNotEnabledError', 'The merchant does not use partner settlement.'),
  PLATFORM_ADDITIONAL_FEE_POLICY_NOT_FOUND: error(
    404,
    'PlatformAdditionalFeePolicyNotFoundError',
    'There is no such additional fee policy, or no change of it is scheduled.',
  ),
  PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND: error(
    404,
    'PlatformAdditionalFeePoliciesNotFoundError',
    'There are no such additional fee policies, or they are archived.',
    those('policies'),
  ),
  PLATFORM_CONTRACT_NOT_FOUND: error(
    404,
    'PlatformContractNotFoundError',
    'There is no such contract, or no change of it is scheduled.',
  ),
  PLATFORM_CONTRACTS_NOT_FOUND: error(
    404,
    'PlatformContractsNotFoundError',
    'There are no such contracts, or they are archived.',
    those('contracts'),
  ),
  PLATFORM_DISCOUNT_SHARE_POLICY_NOT_FOUND: error(
    404,
    'PlatformDiscountSharePolicyNotFoundError',
    'There is no such discount share policy, or no change of it is scheduled.',
  ),
  PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND: error(
    404,
    'PlatformDiscountSharePoliciesNotFoundError',
    'There are no such discount share policies, or they are archived.',
    those('policies'),
  ),
  PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND: error(
    404,
    'PlatformSettlementParameterNotFoundError',
    'The merchant has defined no settlement parameter with this key.',
  ),
  PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND: error(
    404,
    'PlatformUserDefinedPropertyNotFoundError',
    'The merchant has defined no property with this key.',
  ),
  PLATFORM_ADDITIONAL_FEE_POLICY_ALREADY_EXISTS: error(
    409,
    'PlatformAdditionalFeePolicyAlreadyExistsError',
    'The id belongs to another additional fee policy. Ids are never used again.',
  ),
  PLATFORM_ADDITIONAL_FEE_POLICY_SCHEDULE_ALREADY_EXISTS: error(
    409,
    'PlatformAdditionalFeePolicyScheduleAlreadyExistsError',
    'A change of the additional fee policy is already scheduled. Reschedule it, or cancel it first.',
  ),
  PLATFORM_ARCHIVED_ADDITIONAL_FEE_POLICY: error(
    409,
    'PlatformArchivedAdditionalFeePolicyError',
    'The additional fee policy is archived. Recover it before changing it.',
  ),
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_ADDITIONAL_FEE_POLICY: error(
    409,
    'PlatformCannotArchiveScheduledAdditionalFeePolicyError',
    'A change of the additional fee policy is scheduled. Cancel it before archiving.',
  ),
  PLATFORM_CONTRACT_ALREADY_EXISTS: error(
    409,
    'PlatformContractAlreadyExistsError',
    'The id belongs to another contract. Ids are never used again.',
  ),
  PLATFORM_CONTRACT_SCHEDULE_ALREADY_EXISTS: error(
    409,
    'PlatformContractScheduleAlreadyExistsError',
    'A change of the contract is already scheduled. Reschedule it, or cancel it first.',
  ),
  PLATFORM_ARCHIVED_CONTRACT: error(
    409,
    'PlatformArchivedContractError',
    'The contract is archived. Recover it before changing it.',
  ),
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_CONTRACT: error(
    409,
    'PlatformCannotArchiveScheduledContractError',
    'A change of the contract is scheduled. Cancel it before archiving.',
  ),
  PLATFORM_DISCOUNT_SHARE_POLICY_ALREADY_EXISTS: error(
    409,
    'PlatformDiscountSharePolicyAlreadyExistsError',
    'The id belongs to another discount share policy. Ids are never used again.',
  ),
  PLATFORM_DISCOUNT_SHARE_POLICY_SCHEDULE_ALREADY_EXISTS: error(
    409,
    'PlatformDiscountSharePolicyScheduleAlreadyExistsError',
    'A change of the discount share policy is already scheduled. Reschedule it, or cancel it first.',
  ),
  PLATFORM_ARCHIVED_DISCOUNT_SHARE_POLICY: error(
    409,
    'PlatformArchivedDiscountSharePolicyError',
    'The discount share policy is archived. Recover it before changing it.',
  ),
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_DISCOUNT_SHARE_POLICY: error(
    409,
    'PlatformCannotArchiveScheduledDiscountSharePolicyError',
    'A change of the discount share policy is scheduled. Cancel it before archiving.',
  ),
} as const
