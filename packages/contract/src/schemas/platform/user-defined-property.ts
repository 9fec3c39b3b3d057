import { map, object, type Static, string } from '../../schema.ts'

export const PlatformUserDefinedPropertyValue = object(
  'PlatformUserDefinedPropertyValue',
  'The value of a property that the merchant has defined.',
  { string: string('The text, at most 255 characters.', { maxLength: 255 }) },
)
export type PlatformUserDefinedPropertyValue = Static<typeof PlatformUserDefinedPropertyValue>

/** Partners hold their properties like this. */
export const PlatformProperties = map(
  'PlatformProperties',
  'Values of the properties that the merchant has defined, by key.',
  PlatformUserDefinedPropertyValue,
)
export type PlatformProperties = Static<typeof PlatformProperties>

/** Transfers hold theirs like this. */
export const PlatformUserDefinedPropertyKeyValue = object(
  'PlatformUserDefinedPropertyKeyValue',
  'A property that the merchant has defined, and its value.',
  {
    key: string('The key of the property.'),
    value: PlatformUserDefinedPropertyValue,
  },
)
export type PlatformUserDefinedPropertyKeyValue = Static<typeof PlatformUserDefinedPropertyKeyValue>
