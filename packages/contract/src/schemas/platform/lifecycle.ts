import { boolean, dateTime, string } from '../../schema.ts'

/** How PortOne names one thing in its GraphQL API; clients take it as it is. */
export const graphqlId = (of = 'this') => string(`An opaque id of ${of}.`)

/** The same for everything that is kept in versions: partners, contracts and policies. */
export const versionFields = {
  isArchived: boolean('Whether it is archived: out of use, but still readable.'),
  appliedAt: dateTime('From when on this version applies.'),
  isForTest: boolean('Whether it belongs to the test environment.'),
}

/** When a scheduled change applies. */
export const appliedAt = dateTime('When the change applies. Must be in the future.')

export const isArchivedFilter = boolean('True for archived ones only, false for active ones only. Defaults to false.')

/** In the test environment. The query parameter `test` wins where both are given. */
export const isForTest = boolean(
  'True for the test environment. Ignored where the query parameter `test` is given. Defaults to false.',
)

/** What a merchant writes for itself. */
export const memo = (maximum = 256) =>
  string(`A note of the merchant's, at most ${maximum} characters.`, { maxLength: maximum })
