import { operation } from '../operation.ts'
import {
  DeletePlatformPartnerSettlementsBody,
  DeletePlatformPartnerSettlementsResponse,
  GetPlatformPartnerSettlementsBody,
  GetPlatformPartnerSettlementsResponse,
} from '../schemas/platform/partner-settlement.ts'
import { platformAccess, testQuery } from './platform-parameters.ts'

const common = { category: 'platform.partnerSettlement', authenticated: true, queryParameters: testQuery } as const

export const platformPartnerSettlementOperations = {
  getPlatformPartnerSettlements: operation({
    ...common,
    method: 'GET',
    path: '/platform/partner-settlements',
    summary: 'List partner settlements',
    description: 'Returns the partner settlements that match all conditions of the filter, latest first.',
    body: GetPlatformPartnerSettlementsBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPlatformPartnerSettlementsResponse,
    errors: platformAccess,
  }),
  deletePlatformPartnerSettlements: operation({
    ...common,
    method: 'POST',
    path: '/platform/partner-settlements/delete',
    summary: 'Delete partner settlements',
    description: 'Deletes the partner settlements and their transfers, for good. All of them, or none.',
    body: DeletePlatformPartnerSettlementsBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: [],
    success: DeletePlatformPartnerSettlementsResponse,
    isBulkWrite: true,
    errors: [
      ...platformAccess,
      'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND',
      'PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS',
      'PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST',
    ],
    unstable: true,
  }),
}
