import type { PlatformPartner, PlatformPartnerType } from '@naru/contract'
import type { Circumstances, Snapshot } from '../entities/entity.ts'
import { versionView } from '../entities/view.ts'
import type { Platform } from '../platform.ts'
import type { PartnerTypeContent } from './content.ts'

/** A partner as the API answers it; its connection is always that of now. */
export const partnerView = (platform: Pick<Platform, 'isForTest'>, partner: Snapshot<'PARTNER'>): PlatformPartner => ({
  ...partner.content,
  ...versionView(platform, 'PARTNER', partner),
  type: typeView(partner.content.type, partner),
})

const typeView = (
  type: PartnerTypeContent,
  { connectionStatus, connectionFailedReason }: Pick<Circumstances, 'connectionStatus' | 'connectionFailedReason'>,
): PlatformPartnerType =>
  type.type === 'BUSINESS'
    ? {
        ...type,
        memberCompanyConnectionStatus: connectionStatus ?? 'NOT_CONNECTED',
        ...(connectionFailedReason === null ? {} : { memberCompanyConnectionFailedReason: connectionFailedReason }),
      }
    : type
