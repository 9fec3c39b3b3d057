import { error } from './definition.ts'
import { those } from './platform-fields.ts'

/** Of partners, their accounts, and their connection to the tax invoice network. */
export const platformPartnerErrors = {
  PLATFORM_ACCOUNT_VERIFICATION_FAILED: error(
    400,
    'PlatformAccountVerificationFailedError',
    'The account is not the one that was looked up: its bank, number or holder differs.',
  ),
  PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS: error(
    400,
    'PlatformCounterpartyNotConnectableStatusError',
    'The partner is connected, or being connected or disconnected.',
  ),
  PLATFORM_COUNTERPARTY_NOT_CONNECTED: error(
    400,
    'PlatformCounterpartyNotConnectedError',
    'The partner is not connected.',
  ),
  PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE: error(
    400,
    'PlatformInsufficientDataToChangePartnerTypeError',
    'To become a business, a partner needs a company name, a business registration number and a representative.',
  ),
  PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS: error(
    400,
    'PlatformMemberCompanyNotConnectableStatusError',
    'The partner is connected, or being connected or disconnected.',
  ),
  PLATFORM_MEMBER_COMPANY_NOT_CONNECTED: error(
    400,
    'PlatformMemberCompanyNotConnectedError',
    'The partner is not connected.',
  ),
  PLATFORM_NOT_SUPPORTED_BANK: error(
    400,
    'PlatformNotSupportedBankError',
    'Accounts at this bank cannot be looked up.',
  ),
  PLATFORM_PARTNER_IDS_DUPLICATED: error(
    400,
    'PlatformPartnerIdsDuplicatedError',
    'The request names the same id for several partners.',
    those('partners'),
  ),
  PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE: error(
    400,
    'PlatformPartnerTaxationTypeIsSimpleError',
    'The partner may not issue tax invoices.',
  ),
  PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS: error(
    400,
    'PlatformPartnerTypeIsNotBusinessError',
    'The partner is not a business.',
  ),
  PLATFORM_BTX_NOT_ENABLED: error(403, 'PlatformBtxNotEnabledError', 'The merchant does not use tax invoices.'),
  PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND: error(
    404,
    'PlatformAccountVerificationNotFoundError',
    'The `accountVerificationId` is unknown or too old. Look the account up again.',
  ),
  PLATFORM_COMPANY_NOT_FOUND: error(404, 'PlatformCompanyNotFoundError', 'The register has no such company.'),
  PLATFORM_PARTNER_NOT_FOUND: error(
    404,
    'PlatformPartnerNotFoundError',
    'There is no such partner, or no change of it is scheduled.',
  ),
  PLATFORM_TARGET_PARTNER_NOT_FOUND: error(
    404,
    'PlatformTargetPartnerNotFoundError',
    'None of the partners that match the filter can be connected or disconnected.',
  ),
  PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED: error(
    409,
    'PlatformAccountVerificationAlreadyUsedError',
    'The `accountVerificationId` has been used. Look the account up again.',
  ),
  PLATFORM_ARCHIVED_PARTNER: error(
    409,
    'PlatformArchivedPartnerError',
    'The partner is archived. Recover it before changing it.',
  ),
  PLATFORM_ARCHIVED_PARTNERS_CANNOT_BE_SCHEDULED: error(
    409,
    'PlatformArchivedPartnersCannotBeScheduledError',
    'The filter matches archived partners, which cannot be changed.',
  ),
  PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED: error(
    409,
    'PlatformArchivedPartnerNtsNotAllowedError',
    'The partner is archived and can be neither connected nor disconnected.',
  ),
  PLATFORM_CANNOT_ARCHIVE_SCHEDULED_PARTNER: error(
    409,
    'PlatformCannotArchiveScheduledPartnerError',
    'A change of the partner is scheduled. Cancel it before archiving.',
  ),
  PLATFORM_COMPANY_VERIFICATION_ALREADY_USED: error(
    409,
    'PlatformCompanyVerificationAlreadyUsedError',
    'The `companyVerificationId` has been used. Look the company up again.',
  ),
  PLATFORM_CONNECTED_PARTNER_BRN_UNCHANGEABLE: error(
    409,
    'PlatformConnectedPartnerBrnUnchangeableError',
    'The earlier name of `PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE`, for clients that know it.',
  ),
  PLATFORM_CONNECTED_PARTNER_TYPE_UNCHANGEABLE: error(
    409,
    'PlatformConnectedPartnerTypeUnchangeableError',
    'The earlier name of `PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE`, for clients that know it.',
  ),
  PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS: error(
    409,
    'PlatformCounterpartyOngoingTaxInvoiceExistsError',
    'A tax invoice of the partner is still open.',
  ),
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNERS_CANNOT_BE_SCHEDULED: error(
    409,
    'PlatformMemberCompanyConnectedPartnersCannotBeScheduledError',
    'Changes of connected partners cannot be scheduled. Disconnect them first.',
    those('partners'),
  ),
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE: error(
    409,
    'PlatformMemberCompanyConnectedPartnerBrnUnchangeableError',
    'The business registration number of a connected partner cannot be changed. Disconnect it first.',
  ),
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED: error(
    409,
    'PlatformMemberCompanyConnectedPartnerCannotBeScheduledError',
    'A change of a connected partner cannot be scheduled. Disconnect it first.',
  ),
  PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE: error(
    409,
    'PlatformMemberCompanyConnectedPartnerTypeUnchangeableError',
    'The type of a connected partner cannot be changed. Disconnect it first.',
  ),
  PLATFORM_ONGOING_TAX_INVOICE_EXISTS: error(
    409,
    'PlatformOngoingTaxInvoiceExistsError',
    'A tax invoice of the partner is still open.',
  ),
  PLATFORM_PARTNER_ID_ALREADY_EXISTS: error(
    409,
    'PlatformPartnerIdAlreadyExistsError',
    'The id belongs to another partner. Ids are never used again.',
  ),
  PLATFORM_PARTNER_IDS_ALREADY_EXISTS: error(
    409,
    'PlatformPartnerIdsAlreadyExistError',
    'The ids belong to other partners. Ids are never used again.',
    those('partners'),
  ),
  PLATFORM_PARTNER_PENDING_NTS_OPERATION: error(
    409,
    'PlatformPartnerPendingNtsOperationError',
    'The partner is being connected or disconnected. Wait and try again.',
  ),
  PLATFORM_PARTNER_SCHEDULE_ALREADY_EXISTS: error(
    409,
    'PlatformPartnerScheduleAlreadyExistsError',
    'A change of the partner is already scheduled. Reschedule it, or cancel it first.',
  ),
  PLATFORM_PARTNER_SCHEDULES_ALREADY_EXIST: error(
    409,
    'PlatformPartnerSchedulesAlreadyExistError',
    'Changes of partners that match the filter are already scheduled. Cancel them first.',
    those('partners'),
  ),
  PLATFORM_PARTNER_SCHEDULE_EXISTS: error(
    409,
    'PlatformPartnerScheduleExistsError',
    'A change of the partner is scheduled. Cancel it before connecting.',
  ),
  PLATFORM_EXTERNAL_API_FAILED: error(
    503,
    'PlatformExternalApiFailedError',
    'The bank, the register or the tax invoice network gave no usable answer.',
  ),
  PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED: error(
    503,
    'PlatformExternalApiTemporarilyFailedError',
    'The bank cannot be reached at the moment. Try again later.',
  ),
} as const
