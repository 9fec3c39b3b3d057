import { dateTime, enumeration, integer, object, optional, type Static } from '../../schema.ts'

export const SortOrder = enumeration(
  'SortOrder',
  '`ASC` from the smallest or oldest, `DESC` from the largest or latest.',
  ['DESC', 'ASC'],
)
export type SortOrder = Static<typeof SortOrder>

export const DateTimeRange = object('DateTimeRange', 'A range of time.', {
  from: dateTime('The earliest instant, inclusive.'),
  until: dateTime('The latest instant, inclusive.'),
})
export type DateTimeRange = Static<typeof DateTimeRange>

/** How the ends of a list of several stores are completed, whose clocks may differ in the sandbox. */
export const usualFrom =
  'Defaults to 90 days before `until`; where that is left out as well, to 90 days before the earliest of the clocks of the stores that are read.'
export const usualUntil = 'Defaults to now, by the latest of the clocks of the stores that are read.'

export const PageInput = object('PageInput', 'Which page to return.', {
  number: optional(integer('The number of the page, from 0. Defaults to 0.')),
  size: optional(integer('How many items a page holds at most. Defaults to 10, at most 1000.')),
})
export type PageInput = Static<typeof PageInput>

export const PageInfo = object('PageInfo', 'Which page this is.', {
  number: integer('The number of this page, from 0.'),
  size: integer('How many items a page holds at most.'),
  totalCount: integer(
    'How many items match the filter, on all pages together. Lists of payments count up to 60000, as far as pages reach, and tell 60000 of more than 1000 items where counting takes longer than a second; with a text in any field (ALL), 1000 items behind this page at most; those of partner settlement count 10000 items behind this page at most, so that it grows with the pages.',
  ),
})
export type PageInfo = Static<typeof PageInfo>
