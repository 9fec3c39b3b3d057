import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Snapshot } from '../platform/entities/entity.ts'
import { archive, read, recover, update } from '../platform/entities/lifecycle.ts'
import { listEntities } from '../platform/entities/list.ts'
import { refuseToArchive } from '../platform/partners/archive.ts'
import { planPartnerChange } from '../platform/partners/change.ts'
import { refuseWhilePending } from '../platform/partners/connect.ts'
import { createPartner } from '../platform/partners/create.ts'
import { createPartners } from '../platform/partners/create-many.ts'
import { partnerFilterOptions } from '../platform/partners/filter-options.ts'
import { newPartner, newPartners, partnerUpdate } from '../platform/partners/input.ts'
import { partnerSearch } from '../platform/partners/search.ts'
import { partnerView } from '../platform/partners/view.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

type PartnerOperationId =
  | 'getPlatformPartners'
  | 'createPlatformPartner'
  | 'createPlatformPartners'
  | 'getPlatformPartner'
  | 'updatePlatformPartner'
  | 'archivePlatformPartner'
  | 'recoverPlatformPartner'
  | 'getPlatformPartnerFilterOptions'

const wrapped = <R extends Refusal>({ platform }: PlatformRequest, partner: Snapshot<'PARTNER'> | R) =>
  partner instanceof Refusal ? partner : { partner: partnerView(platform, partner) }

/** Partners, whom the merchant pays. */
export const platformPartnerOperations = (parts: PlatformParts): Pick<Handlers, PartnerOperationId> => ({
  getPlatformPartners: onPlatform(parts, ({ platform }, { body }) =>
    listEntities(parts.sql, platform, 'PARTNER', body, partnerSearch(parts.sql, body?.filter), partnerView),
  ),
  createPlatformPartner: changingPlatform(parts, async (parts, request, { body }) =>
    wrapped(request, await createPartner(parts, request, newPartner(body))),
  ),
  createPlatformPartners: changingPlatform(parts, async (parts, request, { body }) => {
    const created = await createPartners(parts, request, newPartners(body))
    if (created instanceof Refusal) return created
    return { partners: created.map((partner) => partnerView(request.platform, partner)) }
  }),
  getPlatformPartner: onPlatform(parts, async (request, { path }) => {
    const partner = await read(parts.sql, request, 'PARTNER', path.id)
    return partner instanceof Refusal ? partner : partnerView(request.platform, partner)
  }),
  updatePlatformPartner: changingPlatform(parts, async (parts, request, { path, body }) =>
    wrapped(
      request,
      await update(parts.sql, request, 'PARTNER', path.id, (partner) =>
        planPartnerChange(parts, request, partner, partnerUpdate(body)),
      ),
    ),
  ),
  archivePlatformPartner: changingPlatform(parts, async (parts, request, { path }) =>
    wrapped(
      request,
      await archive(parts.sql, request, 'PARTNER', path.id, (partner) => refuseToArchive(parts.sql, request, partner)),
    ),
  ),
  recoverPlatformPartner: changingPlatform(parts, async (parts, request, { path }) =>
    wrapped(request, await recover(parts.sql, request, 'PARTNER', path.id, refuseWhilePending)),
  ),
  getPlatformPartnerFilterOptions: onPlatform(parts, ({ platform }, { query }) =>
    partnerFilterOptions(parts.sql, platform, query.isArchived),
  ),
})
