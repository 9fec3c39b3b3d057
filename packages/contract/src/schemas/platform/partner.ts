import { array, enumeration, newId, object, optional, type Static, string, withDefault } from '../../schema.ts'
import { graphqlId, memo, versionFields } from './lifecycle.ts'
import {
  CreatePlatformPartnerBodyAccount,
  CreatePlatformPartnerBodyContact,
  PlatformAccount,
  PlatformContact,
} from './partner-account.ts'
import { newTags, partnerFields, partnerName, partnerUpdate, tags } from './partner-fields.ts'
import { CreatePlatformPartnerBodyType, PlatformPartnerType, UpdatePlatformPartnerBodyType } from './partner-type.ts'
import { PlatformProperties } from './user-defined-property.ts'

export const PlatformPartnerStatus = enumeration(
  'PlatformPartnerStatus',
  'Whether the merchant has approved the partner. Only approved partners are paid.',
  ['PENDING', 'APPROVED', 'REJECTED'],
)
export type PlatformPartnerStatus = Static<typeof PlatformPartnerStatus>

export const PlatformPartner = object('PlatformPartner', 'A seller whom the merchant pays.', {
  id: string("The partner's id."),
  graphqlId: graphqlId('the partner'),
  name: partnerFields.name,
  contact: PlatformContact,
  account: PlatformAccount,
  status: PlatformPartnerStatus,
  defaultContractId: partnerFields.defaultContractId,
  memo: optional(string("A note of the merchant's.")),
  tags: tags('Words to find the partner by.'),
  type: PlatformPartnerType,
  ...versionFields,
  userDefinedProperties: PlatformProperties,
})
export type PlatformPartner = Static<typeof PlatformPartner>

export const CreatePlatformPartnerBody = object('CreatePlatformPartnerBody', 'The partner to create.', {
  id: optional(newId("The partner's id, best the one it has in your own system. Defaults to a generated one.")),
  name: partnerName,
  contact: CreatePlatformPartnerBodyContact,
  account: CreatePlatformPartnerBodyAccount,
  defaultContractId: partnerFields.defaultContractId,
  memo: optional(memo()),
  tags: withDefault(newTags('Words to find the partner by.'), []),
  type: CreatePlatformPartnerBodyType,
  userDefinedProperties: optional(PlatformProperties),
})
export type CreatePlatformPartnerBody = Static<typeof CreatePlatformPartnerBody>

export const CreatePlatformPartnerResponse = object('CreatePlatformPartnerResponse', 'The partner was created.', {
  partner: PlatformPartner,
})
export type CreatePlatformPartnerResponse = Static<typeof CreatePlatformPartnerResponse>

export const CreatePlatformPartnersBody = object('CreatePlatformPartnersBody', 'The partners to create.', {
  partners: array(CreatePlatformPartnerBody, '1 to 1000 partners. All are created, or none.', {
    minItems: 1,
    maxItems: 1000,
  }),
})
export type CreatePlatformPartnersBody = Static<typeof CreatePlatformPartnersBody>

export const CreatePlatformPartnersResponse = object('CreatePlatformPartnersResponse', 'The partners were created.', {
  partners: array(PlatformPartner, 'The partners, in the order of the request.'),
})
export type CreatePlatformPartnersResponse = Static<typeof CreatePlatformPartnersResponse>

export const UpdatePlatformPartnerBody = object(
  'UpdatePlatformPartnerBody',
  'What to change of a partner. Fields that are absent stay as they are.',
  { ...partnerUpdate, type: optional(UpdatePlatformPartnerBodyType) },
)
export type UpdatePlatformPartnerBody = Static<typeof UpdatePlatformPartnerBody>

export const UpdatePlatformPartnerResponse = object('UpdatePlatformPartnerResponse', 'The partner was changed.', {
  partner: PlatformPartner,
})
export type UpdatePlatformPartnerResponse = Static<typeof UpdatePlatformPartnerResponse>

export const ArchivePlatformPartnerResponse = object('ArchivePlatformPartnerResponse', 'The partner is archived.', {
  partner: PlatformPartner,
})
export type ArchivePlatformPartnerResponse = Static<typeof ArchivePlatformPartnerResponse>

export const RecoverPlatformPartnerResponse = object('RecoverPlatformPartnerResponse', 'The partner is in use again.', {
  partner: PlatformPartner,
})
export type RecoverPlatformPartnerResponse = Static<typeof RecoverPlatformPartnerResponse>
