import type { DateRange, PaymentReconciliationStatus } from '@naru/contract'
import type { Sql } from '../db/connect.ts'
import type { Handlers } from '../http/handler.ts'
import { addDays, isWithin, spanOf, widened } from '../kernel/days.ts'
import { Refusal } from '../kernel/refusal.ts'
import { longestPayout } from '../merchants/fee-policy.ts'
import type { Principal } from '../merchants/principal.ts'
import { match, pairKey } from '../reconciliation/matching.ts'
import { findMovements, type Movement } from '../reconciliation/movement.ts'
import { refuseRange } from '../reconciliation/range.ts'
import { findFiles, findRows } from '../reconciliation/store.ts'
import { isOfContract, vatReport } from '../reconciliation/vat-report.ts'
import type { OperationParts } from './parts.ts'

type Parts = Pick<OperationParts, 'sql' | 'access'>

type OperationId = 'getPaymentReconciliationTransactionVatReport' | 'getPaymentReconciliationSettlementVatReport'

export const reconciliationOperations = (parts: Parts): Pick<Handlers, OperationId> => ({
  getPaymentReconciliationTransactionVatReport: async ({ body, principal }) => {
    const storeIds = await storesOf(parts, principal, body.filter?.storeIds)
    if (storeIds instanceof Refusal) return storeIds
    const broken = refuseRange(body.dateRange)
    if (broken) return broken
    const { pgSpecifiers, reconciliationStatuses } = body.filter ?? {}
    const movements = await findMovements(parts.sql, storeIds, body.dateRange)
    const statusOf = reconciliationStatuses?.length
      ? await statuses(parts.sql, storeIds, movements, body.dateRange)
      : undefined
    const asked = movements.filter(
      (movement) =>
        isOfContract(movement, pgSpecifiers) &&
        (!statusOf || reconciliationStatuses?.includes(statusOf.get(movement) ?? 'NOT_COLLECTED')),
    )
    return vatReport(asked)
  },

  getPaymentReconciliationSettlementVatReport: async ({ body, principal }) => {
    const storeIds = await storesOf(parts, principal, body.filter?.storeIds)
    if (storeIds instanceof Refusal) return storeIds
    const { dateRange, filter } = body
    const broken = refuseRange(dateRange)
    if (broken) return broken
    const settled = await settledMovements(parts.sql, storeIds, dateRange)
    return vatReport(settled.filter((movement) => isOfContract(movement, filter?.pgSpecifiers)))
  },
})

const storesOf = async ({ access }: Parts, principal: Principal, asked: readonly string[] | undefined) => {
  if (!asked?.length) {
    const stores = await access.reachableStores(principal, undefined)
    return stores instanceof Refusal ? stores : stores.map(({ storeId }) => storeId)
  }
  const storeIds: string[] = []
  for (const storeId of new Set(asked)) {
    const stores = await access.reachableStores(principal, storeId)
    if (stores instanceof Refusal) return stores
    storeIds.push(...stores.map((store) => store.storeId))
  }
  return storeIds
}

/** What came of comparing each movement with the PG's file of transactions. */
const statuses = async (
  sql: Sql,
  storeIds: readonly string[],
  movements: readonly Movement[],
  range: DateRange,
): Promise<ReadonlyMap<Movement, PaymentReconciliationStatus>> => {
  const [files, rows] = await Promise.all([
    findFiles(sql, storeIds, 'TRANSACTION'),
    findRows(sql, storeIds, 'TRANSACTION', widened(range)),
  ])
  const outcomes = new Map(
    match({ kind: 'TRANSACTION' }, movements, rows, range).flatMap(({ ours, differences, outcome }) =>
      ours ? [[ours, { differences, outcome }]] : [],
    ),
  )
  const isCollected = ({ channelId, date, storeId }: Movement) =>
    files.some((file) => file.storeId === storeId && file.channelId === channelId && isWithin(date, file))
  return new Map(
    movements.map((movement) => {
      const found = outcomes.get(movement)
      if (found && found.outcome !== 'MISSING_AT_PG')
        return [movement, found.differences.includes('AMOUNT') ? 'NOT_MATCHED' : 'MATCHED']
      return [movement, isCollected(movement) ? 'INCOMPARABLE' : 'NOT_COLLECTED']
    }),
  )
}

/** What was settled in the days: by the PG's file where there is one; otherwise a movement settles on its own day. */
const settledMovements = async (sql: Sql, storeIds: readonly string[], range: DateRange) => {
  const span = spanOf(longestPayout)
  const wide = { from: addDays(range.from, -span), until: addDays(range.until, span) }
  const [movements, rows] = await Promise.all([
    findMovements(sql, storeIds, { from: wide.from, until: range.until }),
    findRows(sql, storeIds, 'SETTLEMENT', wide),
  ])
  const settledOn = new Map(rows.map((row) => [pairKey(row), row.settlement?.date]))
  return movements.filter((movement) => isWithin(settledOn.get(pairKey(movement)) ?? movement.date, range))
}
