import { enumeration, object, optional, type Static, string } from '../schema.ts'
import { Address, SeparatedAddressInput } from './address.ts'
import { Country } from './country.ts'

export const Gender = enumeration('Gender', '', ['MALE', 'FEMALE', 'OTHER'])
export type Gender = Static<typeof Gender>

export const Customer = object('Customer', '', {
  id: optional(string()),
  name: optional(string()),
  birthYear: optional(string()),
  birthMonth: optional(string()),
  birthDay: optional(string()),
  gender: optional(Gender),
  email: optional(string()),
  phoneNumber: optional(string()),
  address: optional(Address),
  zipcode: optional(string()),
})
export type Customer = Static<typeof Customer>

export const CustomerSeparatedName = object('CustomerSeparatedName', '', {
  first: string(),
  last: string(),
})
export type CustomerSeparatedName = Static<typeof CustomerSeparatedName>

export const CustomerNameInput = object('CustomerNameInput', '', {
  full: optional(string()),
  separated: optional(CustomerSeparatedName),
})
export type CustomerNameInput = Static<typeof CustomerNameInput>

export const CustomerInput = object('CustomerInput', '', {
  id: optional(string()),
  name: optional(CustomerNameInput),
  birthYear: optional(string()),
  birthMonth: optional(string()),
  birthDay: optional(string()),
  country: optional(Country),
  gender: optional(Gender),
  email: optional(string()),
  phoneNumber: optional(string()),
  address: optional(SeparatedAddressInput),
  zipcode: optional(string()),
  businessRegistrationNumber: optional(string()),
})
export type CustomerInput = Static<typeof CustomerInput>
