import { operation } from '../operation.ts'
import { GetPlatformBulkPayoutsBody, GetPlatformBulkPayoutsResponse } from '../schemas/platform/bulk-payout.ts'
import {
  CompletePlatformPayoutByPartnerSettlementIdsBody,
  CompletePlatformPayoutByPartnerSettlementIdsResponse,
  GetPlatformPayoutsBody,
  GetPlatformPayoutsResponse,
} from '../schemas/platform/payout.ts'
import { platformAccess, testQuery } from './platform-parameters.ts'

const common = { authenticated: true, queryParameters: testQuery } as const

export const platformPayoutOperations = {
  getPlatformPayouts: operation({
    ...common,
    category: 'platform.payout',
    method: 'GET',
    path: '/platform/payouts',
    summary: 'List payouts',
    description: 'Returns the payouts that match all conditions of the filter, latest first.',
    body: GetPlatformPayoutsBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPlatformPayoutsResponse,
    errors: platformAccess,
  }),
  getPlatformBulkPayouts: operation({
    ...common,
    category: 'platform.bulkPayout',
    method: 'GET',
    path: '/platform/bulk-payouts',
    summary: 'List bulk payouts',
    description: 'Returns the bulk payouts that match all conditions of the filter, latest first.',
    body: GetPlatformBulkPayoutsBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPlatformBulkPayoutsResponse,
    errors: platformAccess,
  }),
  completePlatformPayoutByPartnerSettlementIds: operation({
    ...common,
    category: 'platform.payout',
    method: 'POST',
    path: '/platform/partner-settlements/complete-payout',
    summary: 'Mark partner settlements as paid',
    description:
      'Records that partner settlements were paid elsewhere, for instance in a foreign currency: creates a bulk payout with a payout for each partner and currency, and for each manual transfer that is settled by itself. Moves no money.',
    body: CompletePlatformPayoutByPartnerSettlementIdsBody,
    bodyIn: 'body',
    bodyRequired: true,
    moneyFields: [],
    success: CompletePlatformPayoutByPartnerSettlementIdsResponse,
    isBulkWrite: true,
    errors: [
      ...platformAccess,
      'PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS',
      'PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS',
      'PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND',
      'PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS',
      'PLATFORM_CURRENCY_NOT_SUPPORTED',
      'PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS',
    ],
    unstable: true,
  }),
}
