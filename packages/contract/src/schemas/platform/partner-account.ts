import {
  accountNumber,
  described,
  enumeration,
  notBlankLine,
  object,
  optional,
  type Static,
  string,
} from '../../schema.ts'
import { Bank } from '../common/bank.ts'
import { Currency } from '../common/currency.ts'

export const PlatformContact = object('PlatformContact', 'Whom to contact at the partner.', {
  name: string("The person's name."),
  phoneNumber: optional(string("The person's phone number.")),
  email: string("The person's e-mail address, to which settlement statements are sent."),
})
export type PlatformContact = Static<typeof PlatformContact>

/** One line each: statements are addressed by them, and in a mail's head a second line would be another header. */
const contactInput = {
  name: notBlankLine("The person's name."),
  phoneNumber: string("The person's phone number."),
  email: notBlankLine("The person's e-mail address, to which settlement statements are sent."),
}

export const CreatePlatformPartnerBodyContact = object(
  'CreatePlatformPartnerBodyContact',
  'Whom to contact at the partner.',
  { name: contactInput.name, phoneNumber: optional(contactInput.phoneNumber), email: contactInput.email },
)
export type CreatePlatformPartnerBodyContact = Static<typeof CreatePlatformPartnerBodyContact>

export const UpdatePlatformPartnerBodyContact = object(
  'UpdatePlatformPartnerBodyContact',
  'Whom to contact at the partner. Fields that are absent stay as they are.',
  {
    name: optional(contactInput.name),
    phoneNumber: optional(contactInput.phoneNumber),
    email: optional(contactInput.email),
  },
)
export type UpdatePlatformPartnerBodyContact = Static<typeof UpdatePlatformPartnerBodyContact>

export const PlatformAccountStatus = enumeration(
  'PlatformAccountStatus',
  "What came of comparing the account holder with the bank's records. Only KRW accounts are compared.",
  ['VERIFIED', 'VERIFY_FAILED', 'VERIFY_ERROR', 'NOT_VERIFIED', 'UNKNOWN'],
)
export type PlatformAccountStatus = Static<typeof PlatformAccountStatus>

const accountFields = {
  bank: Bank,
  currency: described(Currency, 'The currency in which the partner is paid.'),
  number: string('The account number.'),
  holder: string('The account holder.'),
}

/** What a bank is told later: it refuses what is no number of an account, no name, or more than a line. */
const payable = {
  number: accountNumber('The account number.'),
  holder: notBlankLine('The account holder.', { maxLength: 255 }),
}

export const PlatformAccount = object('PlatformAccount', 'The bank account to which a partner is paid.', {
  ...accountFields,
  status: PlatformAccountStatus,
})
export type PlatformAccount = Static<typeof PlatformAccount>

const accountInput = {
  ...accountFields,
  ...payable,
  accountVerificationId: optional(
    string('The id that looking the account holder up returned. Takes the place of a new check; can be used once.'),
  ),
}

export const CreatePlatformPartnerBodyAccount = object(
  'CreatePlatformPartnerBodyAccount',
  'The bank account to which the partner is paid.',
  accountInput,
)
export type CreatePlatformPartnerBodyAccount = Static<typeof CreatePlatformPartnerBodyAccount>

export const UpdatePlatformPartnerBodyAccount = object(
  'UpdatePlatformPartnerBodyAccount',
  'The bank account to which the partner is paid, in place of the earlier one.',
  accountInput,
)
export type UpdatePlatformPartnerBodyAccount = Static<typeof UpdatePlatformPartnerBodyAccount>
