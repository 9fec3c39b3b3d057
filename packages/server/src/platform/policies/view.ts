import type { PlatformAdditionalFeePolicy, PlatformDiscountSharePolicy } from '@naru/contract'
import type { Snapshot } from '../entities/entity.ts'
import { versionView } from '../entities/view.ts'
import type { Platform } from '../platform.ts'

export const additionalFeePolicyView = (
  platform: Platform,
  policy: Snapshot<'ADDITIONAL_FEE_POLICY'>,
): PlatformAdditionalFeePolicy => ({ ...policy.content, ...versionView(platform, 'ADDITIONAL_FEE_POLICY', policy) })

export const discountSharePolicyView = (
  platform: Platform,
  policy: Snapshot<'DISCOUNT_SHARE_POLICY'>,
): PlatformDiscountSharePolicy => ({ ...policy.content, ...versionView(platform, 'DISCOUNT_SHARE_POLICY', policy) })
