import type { UpdatePlatformPartnerBody } from '@naru/contract'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import type { Entity } from '../entities/entity.ts'
import type { PlatformRequest } from '../platform.ts'
import { isLinked, planPartnerChange } from './change.ts'
import type { CheckParts } from './verify.ts'

/**
 * A change of a partner for later. PortOne schedules nothing for connected partners; where the change itself is one that
 * a connected partner cannot make, it has errors of their own for that.
 */
export const planPartnerSchedule = async (
  parts: CheckParts,
  request: PlatformRequest,
  partner: Entity<'PARTNER'>,
  update: UpdatePlatformPartnerBody,
) => {
  const planned = await planPartnerChange(parts, request, partner, update)
  if (planned instanceof Refusal && isOfConnection(planned)) return planned
  return isLinked(partner.connectionStatus) ? cannotBeScheduled(partner) : planned
}

/** As scheduling; PortOne lists fewer errors, so that verifications of no use are ignored and the rest is invalid. */
export const planPartnerReschedule = async (
  parts: CheckParts,
  request: PlatformRequest,
  partner: Entity<'PARTNER'>,
  update: UpdatePlatformPartnerBody,
) => {
  if (isLinked(partner.connectionStatus)) return cannotBeScheduled(partner)
  const strictly = await planPartnerChange(parts, request, partner, update)
  const planned =
    strictly instanceof Refusal
      ? await planPartnerChange(parts, request, partner, withoutVerifications(update))
      : strictly
  if (!(planned instanceof Refusal) || isContractNotFound(planned)) return planned
  return refuse('INVALID_REQUEST', planned.body.message ?? planned.body.type)
}

const withoutVerifications = ({ account, type, ...update }: UpdatePlatformPartnerBody): UpdatePlatformPartnerBody => {
  const { companyVerificationId: _, ...business } = type?.business ?? {}
  return {
    ...update,
    ...(account && { account: withoutVerification(account) }),
    ...(type && { type: { ...type, ...(type.business && { business }) } }),
  }
}

const withoutVerification = ({
  accountVerificationId: _,
  ...account
}: NonNullable<UpdatePlatformPartnerBody['account']>) => account

const cannotBeScheduled = ({ id }: Entity<'PARTNER'>) =>
  refuse(
    'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED',
    `The partner ${id} is connected to the tax invoice network. Disconnect it before scheduling a change.`,
  )

const isOfConnection = ({ body }: Refusal): boolean =>
  body.type === 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE' ||
  body.type === 'PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE'

const isContractNotFound = (refusal: Refusal): refusal is Refusal<'PLATFORM_CONTRACT_NOT_FOUND'> =>
  refusal.body.type === 'PLATFORM_CONTRACT_NOT_FOUND'
