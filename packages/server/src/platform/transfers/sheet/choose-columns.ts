import type { DownloadPlatformTransferSheetBody } from '@naru/contract'
import { type Refusal, refuse } from '../../../kernel/refusal.ts'
import type { SettingContent } from '../../settings/content.ts'
import { fixedColumns, type SheetColumn } from './columns.ts'
import { earlierColumns } from './earlier-keys.ts'

/** What the merchant has defined of its own, each of which can be a column. */
type Definitions = Pick<SettingContent, 'properties' | 'calculator'>

/** The columns that are asked for, in that order; without a wish, all that do not depend on the merchant. */
export const chooseColumns = (
  {
    fields,
    transferUserDefinedPropertyKeys = [],
    partnerUserDefinedPropertyKeys = [],
  }: DownloadPlatformTransferSheetBody,
  definitions: Definitions,
): readonly SheetColumn[] | Refusal<'INVALID_REQUEST'> => {
  const keys = [
    ...(fields?.length ? fields : Object.keys(fixedColumns)),
    ...transferUserDefinedPropertyKeys.map((key) => `${transferPrefix}${key}`),
    ...partnerUserDefinedPropertyKeys.map((key) => `${partnerPrefix}${key}`),
  ]
  const columns: SheetColumn[] = []
  for (const key of keys) {
    const column = fixedColumn(key) ?? ownColumn(key, definitions)
    if (column === undefined)
      return refuse(
        'INVALID_REQUEST',
        `fields must hold columns that exist; ${JSON.stringify(key.slice(0, 100))} is not one.`,
      )
    columns.push(column)
  }
  return columns
}

const [transferPrefix, partnerPrefix, formulaPrefix] = ['TRANSFER_', 'PARTNER_', 'FORMULA_']

const fixed: ReadonlyMap<string, SheetColumn> = new Map(Object.entries(fixedColumns))

const fixedColumn = (key: string): SheetColumn | undefined => fixed.get(key) ?? earlierColumns.get(key)

/** A property of transfers or partners, or a formula, that the merchant has defined. */
const ownColumn = (key: string, { properties, calculator }: Definitions): SheetColumn | undefined => {
  const property = properties.find(
    (one) => key === `${one.objectType === 'PARTNER' ? partnerPrefix : transferPrefix}${one.key}`,
  )
  if (property) return propertyColumn(property)
  const formula = calculator.userDefined.find((one) => key === `${formulaPrefix}${one.key}`)
  return (
    formula && {
      heading: { ko: formula.key, en: formula.key },
      cell: ({ transfer }) => (transfer.type === 'MANUAL' ? undefined : transfer.userDefinedFormulas[formula.key]),
    }
  )
}

const propertyColumn = ({ key, name, objectType }: SettingContent['properties'][number]): SheetColumn => ({
  heading: { ko: name, en: name },
  cell: ({ transfer, partner }) =>
    objectType === 'PARTNER'
      ? partner.content.userDefinedProperties[key]?.string
      : transfer.properties.find((property) => property.key === key)?.value.string,
})
