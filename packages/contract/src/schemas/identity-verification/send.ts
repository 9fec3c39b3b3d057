import { anyObject, enumeration, object, optional, type Static, string } from '../../schema.ts'
import { IdentityVerificationOperator, VerifiedIdentityVerification } from './identity-verification.ts'

export const SendIdentityVerificationBodyCustomer = object(
  'SendIdentityVerificationBodyCustomer',
  'The person to verify.',
  {
    id: optional(string("The merchant's own id of the person.")),
    name: string('The name.'),
    phoneNumber: string('A telephone number, digits with or without hyphens.'),
    identityNumber: optional(
      string('The first seven digits of the resident registration number. Needed for text messages.'),
    ),
    ipAddress: string("The person's address."),
  },
)
export type SendIdentityVerificationBodyCustomer = Static<typeof SendIdentityVerificationBodyCustomer>

export const IdentityVerificationMethod = enumeration(
  'IdentityVerificationMethod',
  'How the person confirms: by a one-time password or in an app.',
  ['SMS', 'APP'],
)
export type IdentityVerificationMethod = Static<typeof IdentityVerificationMethod>

export const SendIdentityVerificationBody = object('SendIdentityVerificationBody', 'Whom to verify, and how.', {
  storeId: optional(string("The store. Defaults to the credential's own store.")),
  channelKey: string('The channel to verify through.'),
  customer: SendIdentityVerificationBodyCustomer,
  customData: optional(string('Any text of the merchant, returned as it was.')),
  bypass: optional(anyObject('Parameters for the payment gateway that are passed on as they are.')),
  operator: IdentityVerificationOperator,
  method: IdentityVerificationMethod,
})
export type SendIdentityVerificationBody = Static<typeof SendIdentityVerificationBody>

export const SendIdentityVerificationResponse = object('SendIdentityVerificationResponse', 'The message was sent.', {})
export type SendIdentityVerificationResponse = Static<typeof SendIdentityVerificationResponse>

export const ResendIdentityVerificationResponse = object(
  'ResendIdentityVerificationResponse',
  'The message was sent again.',
  {},
)
export type ResendIdentityVerificationResponse = Static<typeof ResendIdentityVerificationResponse>

export const ConfirmIdentityVerificationBody = object(
  'ConfirmIdentityVerificationBody',
  'What the person confirms with.',
  {
    storeId: optional(string("The store. Defaults to the credential's own store.")),
    otp: optional(
      string('The one-time password from the text message. Leave out where the person confirmed in an app.'),
    ),
  },
)
export type ConfirmIdentityVerificationBody = Static<typeof ConfirmIdentityVerificationBody>

export const ConfirmIdentityVerificationResponse = object(
  'ConfirmIdentityVerificationResponse',
  'The person was verified.',
  {
    identityVerification: VerifiedIdentityVerification,
  },
)
export type ConfirmIdentityVerificationResponse = Static<typeof ConfirmIdentityVerificationResponse>
