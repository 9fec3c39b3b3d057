import { array, described, notBlank, optional, string } from '../../schema.ts'
import { memo } from './lifecycle.ts'
import { UpdatePlatformPartnerBodyAccount, UpdatePlatformPartnerBodyContact } from './partner-account.ts'
import { PlatformProperties } from './user-defined-property.ts'

export const partnerFields = {
  name: string("The partner's name."),
  defaultContractId: string('The contract that applies where an order names none.'),
}

export const tags = (description: string) => array(string('A tag.'), `${description} At most 10.`, { maxItems: 10 })

/** Of what is written: one that is blank would find nobody. */
export const newTags = (description: string) =>
  array(notBlank('A tag.'), `${description} At most 10.`, { maxItems: 10 })

/** Of new partners, and of what is changed of one. */
export const partnerName = notBlank("The partner's name.")

/** What can be changed of one partner, and of many at once. */
export const partnerUpdate = {
  name: optional(partnerName),
  contact: optional(UpdatePlatformPartnerBodyContact),
  account: optional(UpdatePlatformPartnerBodyAccount),
  defaultContractId: optional(partnerFields.defaultContractId),
  memo: optional(memo()),
  tags: optional(newTags('Words to find the partner by, in place of all earlier ones.')),
  userDefinedProperties: optional(
    described(PlatformProperties, 'Properties to set. Those that are not named stay as they are.'),
  ),
}
