import {
  CreatePlatformPartnerBody,
  CreatePlatformPartnersBody,
  SchedulePlatformPartnersBodyUpdate,
  UpdatePlatformPartnerBody,
} from '@naru/contract'
import { knownFields } from '../known-fields.ts'

/** The partner as asked for, with nothing that the contract does not know. */
export const newPartner = (body: CreatePlatformPartnerBody): CreatePlatformPartnerBody =>
  withPlainProperties(knownFields(CreatePlatformPartnerBody, body))

/** As `newPartner`, of many at once: preparing the schema takes longer than a partner, and is done for each call. */
export const newPartners = (body: CreatePlatformPartnersBody): readonly CreatePlatformPartnerBody[] =>
  knownFields(CreatePlatformPartnersBody, body).partners.map((partner) => withPlainProperties(partner))

/** The change of a partner as asked for. */
export const partnerUpdate = (body: UpdatePlatformPartnerBody): UpdatePlatformPartnerBody =>
  withPlainProperties(knownFields(UpdatePlatformPartnerBody, body))

/** The change of many partners as asked for. */
export const partnersUpdate = (body: SchedulePlatformPartnersBodyUpdate): SchedulePlatformPartnersBodyUpdate =>
  withPlainProperties(knownFields(SchedulePlatformPartnersBodyUpdate, body))

/** The keys are the merchant's, so that the contract does not say which fields are unknown. */
const withPlainProperties = <Body extends Pick<UpdatePlatformPartnerBody, 'userDefinedProperties'>>(
  body: Body,
): Body =>
  body.userDefinedProperties === undefined
    ? body
    : {
        ...body,
        userDefinedProperties: Object.fromEntries(
          Object.entries(body.userDefinedProperties).map(([key, { string }]) => [key, { string }]),
        ),
      }
