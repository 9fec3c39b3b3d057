import type { Sql } from '../../db/connect.ts'
import type { Platform } from '../platform.ts'
import type { SettledOrder } from './arithmetic/cancel.ts'
import { type Remainder, takeAway, wholeOf } from './arithmetic/remainder.ts'
import { readSettlement } from './codec.ts'
import { keysOf, readSnapshots, type Snapshots } from './snapshots.ts'
import { orderOf, type Policies, termsOf } from './terms.ts'
import type { CancelTransfer, OrderTransfer } from './transfer.ts'

/** An order with everything that its cancellations are computed by. */
export type KnownOrder = {
  readonly transfer: OrderTransfer
  readonly snapshots: Snapshots
  readonly settled: SettledOrder
}

/** One round trip. */
export const readKnownOrder = async (sql: Sql, platform: Platform, transfer: OrderTransfer): Promise<KnownOrder> => {
  const snapshots = await readSnapshots(sql, platform, keysOf(transfer))
  return { transfer, snapshots, settled: settledOrder(transfer, snapshots) }
}

/** An order as it was computed, from the versions that it names. */
export const settledOrder = (transfer: OrderTransfer, snapshots: Snapshots): SettledOrder => {
  const { contractId, contractVersion, settingVersion, detail, amounts, userDefinedFormulas } = transfer
  const contract = snapshots('CONTRACT', { id: contractId, version: contractVersion })
  const setting = snapshots('SETTING', { id: 'setting', version: settingVersion })
  return {
    order: orderOf(detail.order, policiesOf(transfer, snapshots)),
    terms: termsOf(contract.content, setting.content, detail.parameters),
    settlement: readSettlement({ amounts, userDefinedFormulas, computed: detail.computed }),
  }
}

const policiesOf = ({ detail }: OrderTransfer, snapshots: Snapshots): Policies => ({
  additionalFees: new Map(
    Object.entries(detail.additionalFeePolicies).map(([id, version]) => [
      id,
      snapshots('ADDITIONAL_FEE_POLICY', { id, version }),
    ]),
  ),
  discountShares: new Map(
    Object.entries(detail.discountSharePolicies).map(([id, version]) => [
      id,
      snapshots('DISCOUNT_SHARE_POLICY', { id, version }),
    ]),
  ),
})

/** What is left of an order once these cancellations have been taken away. */
export const remainderOf = ({ settlement }: SettledOrder, cancels: readonly CancelTransfer[]): Remainder =>
  cancels.reduce(
    (left, { amounts, userDefinedFormulas, detail }) =>
      takeAway(left, readSettlement({ amounts, userDefinedFormulas, computed: detail.computed })),
    wholeOf(settlement),
  )
