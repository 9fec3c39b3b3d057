import { discriminated, object, optional, type Static, string, tag } from '../../schema.ts'
import { Country } from './country.ts'

export const OneLineAddress = object('OneLineAddress', 'An address on one line.', {
  type: tag('ONE_LINE'),
  oneLine: string('The whole address on one line.'),
})
export type OneLineAddress = Static<typeof OneLineAddress>

export const SeparatedAddress = object('SeparatedAddress', 'An address in parts.', {
  type: tag('SEPARATED'),
  oneLine: string('The whole address on one line.'),
  addressLine1: string('The street.'),
  addressLine2: string('What follows the street: building, floor, room. May be empty.'),
  city: optional(string('The city or district.')),
  province: optional(string('The province or state.')),
  country: optional(Country),
})
export type SeparatedAddress = Static<typeof SeparatedAddress>

export const Address = discriminated(
  'Address',
  'An address as the merchant gave it: in one line or in parts.',
  'type',
  {
    ONE_LINE: OneLineAddress,
    SEPARATED: SeparatedAddress,
  },
)
export type Address = Static<typeof Address>

export const SeparatedAddressInput = object('SeparatedAddressInput', 'An address in parts.', {
  addressLine1: string('The street.'),
  addressLine2: string('What follows the street: building, floor, room. May be empty.'),
  city: optional(string('The city or district.')),
  province: optional(string('The province or state.')),
  country: optional(Country),
})
export type SeparatedAddressInput = Static<typeof SeparatedAddressInput>
