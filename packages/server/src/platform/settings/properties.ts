import type { Sql } from '../../db/connect.ts'
import { type Refusal, refuse } from '../../kernel/refusal.ts'
import type { Platform } from '../platform.ts'
import type { PropertyDefinition, SettingContent } from './content.ts'
import { loadSetting } from './store.ts'

/** A property that the merchant has not defined is refused, whatever it is set on. */
export const unknownProperty = (
  { properties }: Pick<SettingContent, 'properties'>,
  objectType: PropertyDefinition['objectType'],
  keys: readonly string[],
): Refusal<'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND'> | undefined => {
  const defined = new Set(properties.filter((one) => one.objectType === objectType).map(({ key }) => key))
  const unknown = keys.filter((key) => !defined.has(key))
  return unknown.length === 0
    ? undefined
    : refuse(
        'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND',
        `There is no property ${unknown.join(', ')} of ${objectType === 'PARTNER' ? 'partners' : 'transfers'}. Define it first.`,
      )
}

/** As `unknownProperty`; the setting is read only where there is something to look up. */
export const findUnknownProperty = async (
  sql: Sql,
  platform: Platform,
  objectType: PropertyDefinition['objectType'],
  keys: readonly string[],
): Promise<Refusal<'PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND'> | undefined> =>
  keys.length === 0 ? undefined : unknownProperty((await loadSetting(sql, platform)).content, objectType, keys)
