import type { PlatformAdditionalFeePolicy, PlatformDiscountSharePolicy } from '@naru/contract'

/** What an additional-fee policy says: everything that has versions. */
export type AdditionalFeePolicyContent = Pick<PlatformAdditionalFeePolicy, 'name' | 'memo' | 'fee' | 'vatPayer'>

/** What a discount-share policy says: everything that has versions. */
export type DiscountSharePolicyContent = Pick<PlatformDiscountSharePolicy, 'name' | 'memo' | 'partnerShareRate'>
