import { array, string } from '../schema.ts'
import { error } from './definition.ts'
import { those } from './platform-fields.ts'

/** Of partner settlements and payouts. */
export const platformPayoutErrors = {
  PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS: error(
    400,
    'PlatformDuplicatedPartnerSettlementIdsError',
    'The request names a partner settlement twice.',
  ),
  PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS: error(
    400,
    'PlatformNonDeletablePartnerSettlementsError',
    'These partner settlements are part of a payout and can no longer be deleted.',
    those('partner settlements'),
  ),
  PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS: error(
    400,
    'PlatformNonPayablePartnerSettlementsError',
    'These partner settlements cannot be paid: they are paid, being paid, withheld or excluded.',
    those('partner settlements'),
  ),
  PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS: error(
    400,
    'PlatformNoSelectedPartnerSettlementsError',
    'The request names no partner settlement.',
  ),
  PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST: error(
    400,
    'PlatformReferencedCancelOrderTransfersExistError',
    'Orders in these partner settlements have cancellations that are not deleted along with them.',
    { ids: array(string('An id.'), 'The ids of these partner settlements.') },
  ),
  PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND: error(
    404,
    'PlatformPartnerSettlementsNotFoundError',
    'There are no such partner settlements.',
    those('partner settlements'),
  ),
  PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS: error(
    409,
    'PlatformBulkPayoutIdAlreadyExistsError',
    'The id belongs to another bulk payout.',
  ),
} as const
