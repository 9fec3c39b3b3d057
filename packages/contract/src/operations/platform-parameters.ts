import { access } from '../operation.ts'
import { boolean, object, optional, string } from '../schema.ts'

const test = optional(
  boolean('True for the test environment, whose data are separate. Wins over what the request says elsewhere.'),
)

/** The query parameter of every operation of partner settlement. */
export const testQuery = object('PlatformQuery', 'Which environment is meant.', { test })

/** What any authenticated request for partner settlement may be refused for. */
export const platformAccess = [...access, 'PLATFORM_NOT_ENABLED'] as const

export const platformPath = (what: string) =>
  object('PlatformPath', `Which ${what} is meant.`, { id: string(`The id of the ${what}.`) })

/** What filter options are about. */
export const archivedQuery = object('PlatformFilterOptionsQuery', 'Which filter options are meant.', {
  test,
  isArchived: optional(boolean('True for archived ones, false for active ones. Defaults to false.')),
})

export const accountHolderQuery = object('PlatformAccountHolderQuery', 'Whom the account must belong to.', {
  test,
  birthdate: optional(string('The date of birth of the holder, to check that the account is theirs.')),
  businessRegistrationNumber: optional(
    string('The business registration number of the holder. Not together with `birthdate`.'),
  ),
})
