import type { Day } from '../../kernel/days.ts'
import { type Platform, sortablePlatformId } from '../platform.ts'

/** What a transfer is settled together with others by. */
type Grouped = {
  readonly transferId: string
  readonly storeId: string
  readonly partnerId: string
  readonly type: string
  readonly currency: string
  readonly settlementDate: Day
  readonly isSettledAlone: boolean
  readonly contractId?: string
}

/**
 * The id that the settlement of a group of transfers will have, known before there is one. The store is part of it: its day
 * ends once, and founds what has this name. Of two stores with different clocks the second adds to the settlement of the first
 * where that is still open; with a common name it could found again what was deleted in between.
 */
export const settlementName = (
  { merchantId, isForTest }: Platform,
  { transferId, storeId, partnerId, type, currency, settlementDate, isSettledAlone, contractId = '' }: Grouped,
): string =>
  sortablePlatformId(
    'pst',
    JSON.stringify([
      merchantId,
      isForTest,
      storeId,
      settlementDate,
      partnerId,
      type,
      currency,
      contractId,
      isSettledAlone ? transferId : '',
    ]),
  )
