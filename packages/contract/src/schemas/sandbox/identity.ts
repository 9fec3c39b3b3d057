import { object, optional, type Static, string } from '../../schema.ts'
import { IdentityVerificationRequestedCustomer } from '../identity-verification/identity-verification.ts'
import { storeId } from './store-id.ts'

export const OpenSandboxIdentityVerificationBody = object(
  'OpenSandboxIdentityVerificationBody',
  'Which window, and what the merchant knows of the person.',
  {
    storeId,
    channelKey: string('The channel to verify through.'),
    customer: optional(IdentityVerificationRequestedCustomer),
    customData: optional(string('Any text of the merchant, returned as it was.')),
  },
)
export type OpenSandboxIdentityVerificationBody = Static<typeof OpenSandboxIdentityVerificationBody>
