import { enumeration, object, optional, type Static, string } from '../../schema.ts'
import { Address, SeparatedAddressInput } from './address.ts'
import { Country } from './country.ts'

export const Gender = enumeration('Gender', 'A gender.', ['MALE', 'FEMALE', 'OTHER'])
export type Gender = Static<typeof Gender>

export const Customer = object('Customer', 'The buyer. An empty object where nothing is known.', {
  id: optional(string("The merchant's own id of the buyer.")),
  name: optional(string('The full name.')),
  birthYear: optional(string('The year of birth, four digits.')),
  birthMonth: optional(string('The month of birth, 1 to 12.')),
  birthDay: optional(string('The day of birth, 1 to 31.')),
  gender: optional(Gender),
  email: optional(string('An e-mail address.')),
  phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
  address: optional(Address),
  zipcode: optional(string('The postal code.')),
})
export type Customer = Static<typeof Customer>

export const CustomerSeparatedName = object('CustomerSeparatedName', 'A name in two pieces.', {
  first: string('The given name.'),
  last: string('The family name.'),
})
export type CustomerSeparatedName = Static<typeof CustomerSeparatedName>

export const CustomerNameInput = object('CustomerNameInput', 'A name in one piece or in two; give one of them.', {
  full: optional(string('The whole name in one piece.')),
  separated: optional(CustomerSeparatedName),
})
export type CustomerNameInput = Static<typeof CustomerNameInput>

export const CustomerInput = object('CustomerInput', 'The buyer, as far as the merchant tells.', {
  id: optional(string("The merchant's own id of the buyer.")),
  name: optional(CustomerNameInput),
  birthYear: optional(string('The year of birth, four digits.')),
  birthMonth: optional(string('The month of birth, 1 to 12.')),
  birthDay: optional(string('The day of birth, 1 to 31.')),
  country: optional(Country),
  gender: optional(Gender),
  email: optional(string('An e-mail address.')),
  phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
  address: optional(SeparatedAddressInput),
  zipcode: optional(string('The postal code.')),
  businessRegistrationNumber: optional(string('The business registration number, ten digits.')),
})
export type CustomerInput = Static<typeof CustomerInput>
