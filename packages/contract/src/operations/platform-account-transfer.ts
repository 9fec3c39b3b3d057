import { operation } from '../operation.ts'
import {
  GetPlatformAccountTransfersBody,
  GetPlatformAccountTransfersResponse,
} from '../schemas/platform/account-transfer.ts'
import {
  GetPlatformBulkAccountTransfersBody,
  GetPlatformBulkAccountTransfersResponse,
} from '../schemas/platform/bulk-account-transfer.ts'
import { platformAccess, testQuery } from './platform-parameters.ts'

const common = { authenticated: true, queryParameters: testQuery } as const

/** Movements on the merchant's bank account, as opposed to transfers, which say what is owed. */
export const platformAccountTransferOperations = {
  getPlatformAccountTransfers: operation({
    ...common,
    category: 'platform.accountTransfer',
    method: 'GET',
    path: '/platform/account-transfers',
    summary: 'List movements at the bank',
    description:
      "Returns the movements on the merchant's account that match all conditions of the filter, latest first.",
    body: GetPlatformAccountTransfersBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPlatformAccountTransfersResponse,
    errors: platformAccess,
    unstable: true,
  }),
  getPlatformBulkAccountTransfers: operation({
    ...common,
    category: 'platform.bulkAccountTransfer',
    method: 'GET',
    path: '/platform/bulk-account-transfers',
    summary: 'List bulk account transfers',
    description: 'Returns the bulk account transfers that match all conditions of the filter, latest first.',
    body: GetPlatformBulkAccountTransfersBody,
    bodyIn: 'query-or-body',
    bodyRequired: false,
    success: GetPlatformBulkAccountTransfersResponse,
    errors: platformAccess,
  }),
}
