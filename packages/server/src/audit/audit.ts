import type { Sql } from '../db/connect.ts'
import { budgetFinders } from './budgets.ts'
import { type Finder, foundBy } from './finder.ts'
import type { Finding } from './finding.ts'
import { bookFinders } from './gateway-books.ts'
import { orderFinder } from './orders.ts'
import { findPaymentFaults } from './payments.ts'
import { payoutFinders } from './payouts.ts'
import { scheduleFinder } from './schedules.ts'
import { streamFinders } from './streams.ts'
import { transferFinders } from './transfers.ts'
import { unknownChargeFinder } from './unknown-charges.ts'
import { webhookFinder } from './webhooks.ts'

export type { Finding, Rule } from './finding.ts'

export type AuditReport = {
  /** How many payments were looked at. */
  readonly payments: number
  /** Empty where all is well. */
  readonly findings: readonly Finding[]
}

export type AuditOptions = {
  /** Told after every batch. Payments made meanwhile can take `done` beyond `total`. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Proves the books: replays every payment, holds what the replay gives against the snapshot, its columns, its rows of other tables
 * and the money rules, and holds payments on sandbox channels against the sandbox PG's ledger. Then the same for billing keys, cash
 * receipts, promotions with their budgets, identity verifications, and the transfers and payouts of partner settlement. Reads
 * only, a batch at a time, each batch as of one instant, so that it can run beside a server at work.
 */
export const audit = async (sql: Sql, { onProgress }: AuditOptions = {}): Promise<AuditReport> => {
  let payments = 0
  const onBatch = (count: number, total: number) => {
    payments += count
    onProgress?.(payments, total)
  }
  const walk: Finder = { of: 'Payments', find: () => findPaymentFaults(sql, onBatch) }
  const findings: Finding[] = []
  for (const finder of [walk, ...others]) for await (const finding of foundBy(sql, finder)) findings.push(finding)
  return { payments, findings }
}

const others: readonly Finder[] = [
  unknownChargeFinder,
  scheduleFinder,
  webhookFinder,
  ...streamFinders,
  ...budgetFinders,
  ...bookFinders,
  orderFinder,
  ...transferFinders,
  ...payoutFinders,
]
