import type { Handlers } from '../http/handler.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Snapshot } from '../platform/entities/entity.ts'
import { connectPartner, disconnectPartner } from '../platform/partners/connect.ts'
import { changeConnections } from '../platform/partners/connect-many.ts'
import { partnerView } from '../platform/partners/view.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { changingPlatform } from './on-platform.ts'

type PartnerConnectionOperationId = Extract<
  keyof Handlers,
  `${string}PartnerCounterparty` | `${string}PartnerMemberCompany`
>

const wrapped = <R extends Refusal>({ platform }: PlatformRequest, partner: Snapshot<'PARTNER'> | R) =>
  partner instanceof Refusal ? partner : { partner: partnerView(platform, partner) }

/**
 * The connection of partners to the tax invoice network. PortOne has renamed the operations and two of their errors; its
 * SDKs call the earlier names.
 */
export const platformPartnerConnectionOperations = (
  parts: PlatformParts,
): Pick<Handlers, PartnerConnectionOperationId> => ({
  connectPartnerCounterparty: changingPlatform(parts, async (parts, request, { path }) =>
    wrapped(request, await connectPartner(parts.sql, request, path.id, 'PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS')),
  ),
  disconnectPartnerCounterparty: changingPlatform(parts, async (parts, request, { path }) =>
    wrapped(request, await disconnectPartner(parts.sql, request, path.id, 'PLATFORM_COUNTERPARTY_NOT_CONNECTED')),
  ),
  connectBulkPartnerCounterparty: changingPlatform(parts, (parts, request, { body }) =>
    changeConnections(parts.sql, request, body.filter, 'connect'),
  ),
  disconnectBulkPartnerCounterparty: changingPlatform(parts, (parts, request, { body }) =>
    changeConnections(parts.sql, request, body.filter, 'disconnect'),
  ),
  connectPartnerMemberCompany: changingPlatform(parts, async (parts, request, { path }) =>
    wrapped(
      request,
      await connectPartner(parts.sql, request, path.id, 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS'),
    ),
  ),
  disconnectPartnerMemberCompany: changingPlatform(parts, async (parts, request, { path }) =>
    wrapped(request, await disconnectPartner(parts.sql, request, path.id, 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTED')),
  ),
  connectBulkPartnerMemberCompany: changingPlatform(parts, (parts, request, { body }) =>
    changeConnections(parts.sql, request, body.filter, 'connect'),
  ),
  disconnectBulkPartnerMemberCompany: changingPlatform(parts, (parts, request, { body }) =>
    changeConnections(parts.sql, request, body.filter, 'disconnect'),
  ),
})
