import { operation } from '../operation.ts'
import {
  ConnectBulkPartnerCounterpartyBody,
  ConnectBulkPartnerCounterpartyResponse,
  ConnectPartnerCounterpartyResponse,
  DisconnectBulkPartnerCounterpartyBody,
  DisconnectBulkPartnerCounterpartyResponse,
  DisconnectPartnerCounterpartyResponse,
} from '../schemas/platform/partner-connection.ts'
import { platformAccess, platformPath, testQuery } from './platform-parameters.ts'

const common = { category: 'platform.partner', authenticated: true, queryParameters: testQuery } as const
const one = { ...common, pathParameters: platformPath('partner') } as const

const possible = [
  ...platformAccess,
  'PLATFORM_BTX_NOT_ENABLED',
  'PLATFORM_PARTNER_NOT_FOUND',
  'PLATFORM_EXTERNAL_API_FAILED',
] as const

const business = [
  ...possible,
  'PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED',
  'PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS',
  'PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE',
] as const

const connect = {
  ...one,
  method: 'POST',
  summary: 'Connect a partner to the tax invoice network',
  description: 'Begins to connect a business, so that tax invoices can be requested from it.',
  success: ConnectPartnerCounterpartyResponse,
} as const

const connectErrors = [...business, 'PLATFORM_ARCHIVED_PARTNER', 'PLATFORM_PARTNER_SCHEDULE_EXISTS'] as const

const disconnect = {
  ...one,
  method: 'POST',
  summary: 'Disconnect a partner from the tax invoice network',
  description: 'Begins to disconnect a business. Refused while a tax invoice is open.',
  success: DisconnectPartnerCounterpartyResponse,
} as const

const disconnectErrors = [...business, 'PLATFORM_ONGOING_TAX_INVOICE_EXISTS'] as const

const connectMany = {
  ...common,
  method: 'POST',
  summary: 'Connect many partners to the tax invoice network',
  description: 'Begins to connect the partners that match the filter. Skips those that cannot be connected.',
  body: ConnectBulkPartnerCounterpartyBody,
  bodyIn: 'body',
  bodyRequired: true,
  isFilterStrict: true,
  success: ConnectBulkPartnerCounterpartyResponse,
  isBulkWrite: true,
  errors: [...possible, 'PLATFORM_TARGET_PARTNER_NOT_FOUND'],
} as const

const disconnectMany = {
  ...common,
  method: 'POST',
  summary: 'Disconnect many partners from the tax invoice network',
  description: 'Begins to disconnect the partners that match the filter. Skips those that cannot be disconnected.',
  body: DisconnectBulkPartnerCounterpartyBody,
  bodyIn: 'body',
  bodyRequired: true,
  isFilterStrict: true,
  success: DisconnectBulkPartnerCounterpartyResponse,
  isBulkWrite: true,
  errors: [...possible, 'PLATFORM_TARGET_PARTNER_NOT_FOUND'],
} as const

/** Under their names of today, and under those that PortOne's SDKs still call. */
export const platformPartnerConnectionOperations = {
  connectPartnerCounterparty: operation({
    ...connect,
    path: '/platform/partners/counterparty-connect/{id}',
    errors: [...connectErrors, 'PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS'],
  }),
  disconnectPartnerCounterparty: operation({
    ...disconnect,
    path: '/platform/partners/counterparty-disconnect/{id}',
    errors: [...disconnectErrors, 'PLATFORM_COUNTERPARTY_NOT_CONNECTED'],
  }),
  connectBulkPartnerCounterparty: operation({
    ...connectMany,
    path: '/platform/partners/counterparty-connect',
  }),
  disconnectBulkPartnerCounterparty: operation({
    ...disconnectMany,
    path: '/platform/partners/counterparty-disconnect',
  }),
  connectPartnerMemberCompany: operation({
    ...connect,
    path: '/platform/partners/member-company-connect/{id}',
    errors: [...connectErrors, 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS'],
    deprecated: true,
  }),
  disconnectPartnerMemberCompany: operation({
    ...disconnect,
    path: '/platform/partners/member-company-disconnect/{id}',
    errors: [...disconnectErrors, 'PLATFORM_MEMBER_COMPANY_NOT_CONNECTED'],
    deprecated: true,
  }),
  connectBulkPartnerMemberCompany: operation({
    ...connectMany,
    path: '/platform/partners/member-company-connect',
    deprecated: true,
  }),
  disconnectBulkPartnerMemberCompany: operation({
    ...disconnectMany,
    path: '/platform/partners/member-company-disconnect',
    deprecated: true,
  }),
}
