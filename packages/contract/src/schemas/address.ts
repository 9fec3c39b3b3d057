import { discriminated, object, optional, type Static, string, tag } from '../schema.ts'
import { Country } from './country.ts'

export const OneLineAddress = object('OneLineAddress', '', {
  type: tag('ONE_LINE'),
  oneLine: string(),
})
export type OneLineAddress = Static<typeof OneLineAddress>

export const SeparatedAddress = object('SeparatedAddress', '', {
  type: tag('SEPARATED'),
  oneLine: string(),
  addressLine1: string(),
  addressLine2: string(),
  city: optional(string()),
  province: optional(string()),
  country: optional(Country),
})
export type SeparatedAddress = Static<typeof SeparatedAddress>

export const Address = discriminated('Address', '', 'type', {
  ONE_LINE: OneLineAddress,
  SEPARATED: SeparatedAddress,
})
export type Address = Static<typeof Address>

export const SeparatedAddressInput = object('SeparatedAddressInput', '', {
  addressLine1: string(),
  addressLine2: string(),
  city: optional(string()),
  province: optional(string()),
  country: optional(Country),
})
export type SeparatedAddressInput = Static<typeof SeparatedAddressInput>
