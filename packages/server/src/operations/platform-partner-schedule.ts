import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Snapshot } from '../platform/entities/entity.ts'
import { cancelSchedule, readSchedule, reschedule, schedule } from '../platform/entities/lifecycle.ts'
import { partnersUpdate, partnerUpdate } from '../platform/partners/input.ts'
import { planPartnerReschedule, planPartnerSchedule } from '../platform/partners/schedule.ts'
import { schedulePartners } from '../platform/partners/schedule-many.ts'
import { partnerView } from '../platform/partners/view.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

type PartnerScheduleOperationId =
  | 'schedulePlatformPartners'
  | 'getPlatformPartnerSchedule'
  | 'schedulePartner'
  | 'reschedulePartner'
  | 'cancelPlatformPartnerSchedule'

const scheduled = <R extends Refusal>({ platform }: PlatformRequest, partner: Snapshot<'PARTNER'> | R) =>
  partner instanceof Refusal ? partner : { scheduledPartner: partnerView(platform, partner) }

/** Changes of partners that are to come. */
export const platformPartnerScheduleOperations = (
  parts: PlatformParts,
): Pick<Handlers, PartnerScheduleOperationId> => ({
  schedulePlatformPartners: changingPlatform(parts, (parts, request, { body }) =>
    schedulePartners(parts, request, { ...body, update: partnersUpdate(body.update) }),
  ),
  getPlatformPartnerSchedule: onPlatform(parts, async (request, { path }) => {
    const partner = await readSchedule(parts.sql, request, 'PARTNER', path.id)
    return partner instanceof Refusal ? partner : partnerView(request.platform, partner)
  }),
  schedulePartner: changingPlatform(parts, async (parts, request, { path, body }) =>
    scheduled(
      request,
      await schedule(parts.sql, request, 'PARTNER', path.id, body.appliedAt, (partner) =>
        planPartnerSchedule(parts, request, partner, partnerUpdate(body.update)),
      ),
    ),
  ),
  reschedulePartner: changingPlatform(parts, async (parts, request, { path, body }) =>
    scheduled(
      request,
      await reschedule(parts.sql, request, 'PARTNER', path.id, body.appliedAt, (partner) =>
        planPartnerReschedule(parts, request, partner, partnerUpdate(body.update)),
      ),
    ),
  ),
  cancelPlatformPartnerSchedule: changingPlatform(parts, (parts, request, { path }) =>
    cancelSchedule(parts.sql, request, 'PARTNER', path.id),
  ),
})
