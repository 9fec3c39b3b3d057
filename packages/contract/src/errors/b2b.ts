import { error } from './definition.ts'

/** Of dealings with other businesses: tax invoices, and what they need. */
export const b2bErrors = {
  B2B_NOT_ENABLED: error(403, 'B2bNotEnabledError', 'The merchant does not use what deals with other businesses.'),
  B2B_EXTERNAL_SERVICE: error(502, 'B2bExternalServiceError', 'The register of businesses could not be asked.'),
} as const
