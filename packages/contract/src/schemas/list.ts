import { dateTime, enumeration, integer, object, optional, type Static } from '../schema.ts'

export const SortOrder = enumeration('SortOrder', '', ['DESC', 'ASC'])
export type SortOrder = Static<typeof SortOrder>

export const DateTimeRange = object('DateTimeRange', '', {
  from: dateTime(),
  until: dateTime(),
})
export type DateTimeRange = Static<typeof DateTimeRange>

export const PageInput = object('PageInput', '', {
  number: optional(integer()),
  size: optional(integer()),
})
export type PageInput = Static<typeof PageInput>

export const PageInfo = object('PageInfo', '', {
  number: integer(),
  size: integer(),
  totalCount: integer(),
})
export type PageInfo = Static<typeof PageInfo>
