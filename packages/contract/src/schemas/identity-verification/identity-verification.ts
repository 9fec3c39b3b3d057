import {
  boolean,
  date,
  dateTime,
  discriminated,
  enumeration,
  object,
  optional,
  type Static,
  string,
  tag,
} from '../../schema.ts'
import { SelectedChannel } from '../common/channel.ts'
import { Gender } from '../common/customer.ts'
import { PortOneVersion } from '../common/version.ts'

/** What every identity verification says, whatever its status. */
const identityVerificationFields = {
  id: string('The id the merchant chose for the identity verification.'),
  channel: optional(SelectedChannel),
  customData: optional(string('Any text of the merchant, returned as it was.')),
  requestedAt: dateTime('When the verification was requested.'),
  updatedAt: dateTime('When anything last changed.'),
  statusChangedAt: dateTime('When the status last changed.'),
  version: PortOneVersion,
}

export const IdentityVerificationRequestedCustomer = object(
  'IdentityVerificationRequestedCustomer',
  'Whom the request was about.',
  {
    id: optional(string("The merchant's own id of the person.")),
    name: optional(string('The name.')),
    phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
    birthYear: optional(string('The year of birth, four digits.')),
    birthMonth: optional(string('The month of birth, 1 to 12.')),
    birthDay: optional(string('The day of birth.')),
  },
)
export type IdentityVerificationRequestedCustomer = Static<typeof IdentityVerificationRequestedCustomer>

export const ReadyIdentityVerification = object('ReadyIdentityVerification', 'The person has not confirmed yet.', {
  status: tag('READY'),
  ...identityVerificationFields,
  requestedCustomer: IdentityVerificationRequestedCustomer,
  pgTxId: optional(string("The payment gateway's own id of the transaction.")),
})
export type ReadyIdentityVerification = Static<typeof ReadyIdentityVerification>

export const IdentityVerificationOperator = enumeration(
  'IdentityVerificationOperator',
  'A mobile carrier. `_MVNO` are the budget brands on its network.',
  ['SKT', 'KT', 'LGU', 'SKT_MVNO', 'KT_MVNO', 'LGU_MVNO'],
)
export type IdentityVerificationOperator = Static<typeof IdentityVerificationOperator>

export const IdentityVerificationVerifiedCustomer = object(
  'IdentityVerificationVerifiedCustomer',
  'The person, as the payment gateway verified.',
  {
    id: optional(string("The merchant's own id of the person.")),
    name: string('The name.'),
    operator: optional(IdentityVerificationOperator),
    phoneNumber: optional(string('A telephone number, digits with or without hyphens.')),
    birthDate: optional(date('The date of birth.')),
    gender: optional(Gender),
    isForeigner: optional(boolean('Whether the person is a foreigner.')),
    ci: optional(string('Tells the person apart from everyone else, at all merchants alike.')),
    di: optional(string('Tells the person apart from everyone else, at this merchant only.')),
  },
)
export type IdentityVerificationVerifiedCustomer = Static<typeof IdentityVerificationVerifiedCustomer>

export const VerifiedIdentityVerification = object('VerifiedIdentityVerification', 'The person was verified.', {
  status: tag('VERIFIED'),
  ...identityVerificationFields,
  verifiedCustomer: IdentityVerificationVerifiedCustomer,
  verifiedAt: dateTime('When the person was verified.'),
  pgTxId: string("The payment gateway's own id of the transaction."),
  pgRawResponse: string("The payment gateway's answer, unmodified."),
})
export type VerifiedIdentityVerification = Static<typeof VerifiedIdentityVerification>

export const IdentityVerificationFailure = object('IdentityVerificationFailure', 'Why the verification failed.', {
  reason: optional(string('Why, in words.')),
  pgCode: optional(string("The payment gateway's own code, unmodified.")),
  pgMessage: optional(string("The payment gateway's own words, unmodified.")),
})
export type IdentityVerificationFailure = Static<typeof IdentityVerificationFailure>

export const FailedIdentityVerification = object('FailedIdentityVerification', 'The verification failed.', {
  status: tag('FAILED'),
  ...identityVerificationFields,
  requestedCustomer: IdentityVerificationRequestedCustomer,
  failure: IdentityVerificationFailure,
  pgTxId: optional(string("The payment gateway's own id of the transaction.")),
})
export type FailedIdentityVerification = Static<typeof FailedIdentityVerification>

export const IdentityVerification = discriminated(
  'IdentityVerification',
  "The verification of a person's identity.",
  'status',
  {
    READY: ReadyIdentityVerification,
    VERIFIED: VerifiedIdentityVerification,
    FAILED: FailedIdentityVerification,
  },
)
export type IdentityVerification = Static<typeof IdentityVerification>
