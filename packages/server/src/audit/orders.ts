import type { Sql } from '../db/connect.ts'
import type { SettledOrder } from '../platform/transfers/arithmetic/cancel.ts'
import { settleOrder } from '../platform/transfers/arithmetic/settle.ts'
import { withTaxFreePart } from '../platform/transfers/arithmetic/tax-free-part.ts'
import { transferColumns } from '../platform/transfers/rows.ts'
import { settledOrder } from '../platform/transfers/settled-order.ts'
import { keysOf, readSnapshots, type SnapshotKey, type Snapshots } from '../platform/transfers/snapshots.ts'
import type { OrderTransfer, Transfer } from '../platform/transfers/transfer.ts'
import { inBatches } from './batches.ts'
import { type Finder, reasonOf } from './finder.ts'
import type { Finding } from './finding.ts'

type Owned<Kind extends Transfer> = Kind & { readonly merchantId: string; readonly isForTest: boolean }

/** Computes every order anew, from what was registered and from the versions it names. All transfers must have their versions. */
async function* findWrongTransfers(sql: Sql): AsyncGenerator<Finding> {
  for await (const batch of inBatches<WithVersions>((after, limit) => readBatch(sql, after?.transfer, limit)))
    for (const { transfer, versions } of batch) {
      const what = faultOf(transfer, versions)
      const paymentId = transfer.type === 'MANUAL' ? null : transfer.paymentId
      if (what) yield { storeId: transfer.storeId, paymentId, rule: 'transfer-is-the-computation', what }
    }
}

export const orderFinder: Finder = { of: 'The amounts of transfers', find: findWrongTransfers }

const faultOf = (transfer: Transfer, versions: Snapshots): string | undefined => {
  try {
    const missing = keysOf(transfer).filter((key) => !isThere(versions, key))
    if (missing.length === 0)
      return transfer.type === 'ORDER' ? differenceOf(transfer, settledOrder(transfer, versions)) : undefined
    const names = missing.map(({ kind, id, version }) => `version ${version} of ${kind} ${id}`).join(' and ')
    return `The transfer ${transfer.transferId} is computed by ${names}, which is not there.`
  } catch (error) {
    return `The transfer ${transfer.transferId} cannot be computed anew: ${reasonOf(error)}`
  }
}

const isThere = (versions: Snapshots, key: SnapshotKey): boolean => {
  try {
    versions(key.kind, key)
    return true
  } catch {
    return false
  }
}

const differenceOf = (
  { transferId, status }: OrderTransfer,
  { order, terms, settlement }: SettledOrder,
): string | undefined => {
  const anew = settleOrder(order, terms)
  if (isSame(anew, settlement)) return undefined
  if (!isSame(anew, withTaxFreePart(settlement)))
    return `Computing the order transfer ${transferId} anew gives other amounts.`
  // An earlier version let the tax-free part exceed the settlement. What is paid cannot be mended here any more.
  if (status !== 'IN_PROCESS' && status !== 'SETTLED') return undefined
  return (
    `The tax-free part of the order transfer ${transferId} is no part of what it settles, so that its payout would show a wrong ` +
    'VAT. Delete it, and the cancellations of it first, and register it anew.'
  )
}

type WithVersions = { readonly transfer: Owned<Transfer>; readonly versions: Snapshots }

/** A batch with the versions that it names, as of one instant: a reset in between would take these away. */
const readBatch = (sql: Sql, after: Owned<Transfer> | undefined, limit: number): Promise<readonly WithVersions[]> =>
  sql.begin('isolation level repeatable read read only', async (transaction) => {
    const transfers = await transaction<Owned<Transfer>[]>`
      select t.merchant_id as "merchantId", t.is_for_test as "isForTest", ${transferColumns(transaction)}
      from platform_transfers t
      where t.deleted_at is null and (t.merchant_id, t.is_for_test, t.transfer_id)
        > (${after?.merchantId ?? ''}, ${after?.isForTest ?? false}::boolean, ${after?.transferId ?? ''})
      order by t.merchant_id, t.is_for_test, t.transfer_id limit ${limit}`
    const platforms = Map.groupBy(transfers, ({ merchantId, isForTest }) => JSON.stringify([merchantId, isForTest]))
    const batch: WithVersions[] = []
    for (const [owner, ...others] of platforms.values()) {
      if (!owner) continue
      const same = [owner, ...others]
      const versions = await readSnapshots(transaction, owner, same.flatMap(readableKeys))
      batch.push(...same.map((transfer) => ({ transfer, versions })))
    }
    return batch
  })

/** None of a damaged transfer, which is found where it is computed. */
const readableKeys = (transfer: Transfer): readonly SnapshotKey[] => {
  try {
    return keysOf(transfer)
  } catch {
    return []
  }
}

/** Amounts as text: BigInts have no JSON. */
const isSame = (one: object, other: object): boolean => comparable(one) === comparable(other)

const comparable = (value: object): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return part.toString()
    return typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  })
