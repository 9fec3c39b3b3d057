import type { Sql } from '../db/connect.ts'
import { findBudgetFaults } from './budgets.ts'
import { checkPayment } from './check-payment.ts'
import { checkSandbox } from './check-sandbox.ts'
import { brokenOf } from './check-stream.ts'
import type { Finding } from './finding.ts'
import { findBillingKeyFaults, findReceiptFaults } from './gateway-books.ts'
import { findPayoutFaults } from './payouts.ts'
import { type AuditedPayment, countPayments, readBatch, type Strays } from './rows.ts'
import { checkStreams } from './streams.ts'
import { findTransferFaults } from './transfers.ts'
import { findUnknownCharges } from './unknown-charges.ts'

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
 * Proves the books: replays every payment, holds what the replay gives against the snapshot, its columns and the money
 * rules, and holds payments on sandbox channels against the sandbox PG's ledger. Then the same for billing keys, cash
 * receipts, promotions with their budgets, identity verifications, and the transfers and payouts of partner settlement. Reads
 * only, a batch at a time, each batch as of one instant, so that it can run beside a server at work.
 */
export const audit = async (sql: Sql, { onProgress }: AuditOptions = {}): Promise<AuditReport> => {
  const total = await countPayments(sql)
  const findings: Finding[] = []
  let payments = 0
  for await (const batch of batches(sql)) {
    for (const payment of batch.payments) findings.push(...checked(payment))
    findings.push(...strayFindings(batch.strays))
    payments += batch.payments.length
    onProgress?.(payments, total)
  }
  for (const find of [
    findUnknownCharges,
    checkStreams,
    findBudgetFaults,
    findReceiptFaults,
    findBillingKeyFaults,
    findTransferFaults,
    findPayoutFaults,
  ])
    findings.push(...(await find(sql)))
  return { payments, findings }
}

async function* batches(sql: Sql) {
  let after = { storeId: '', paymentId: '' }
  for (;;) {
    const batch = await readBatch(sql, after)
    yield batch
    if (!batch.last) return
    after = batch.last
  }
}

const checked = (audited: AuditedPayment): readonly Finding[] => {
  const { storeId, paymentId } = audited.snapshot
  const check = () => [...checkPayment(audited), ...checkSandbox(audited)]
  return brokenOf('payment', check).map((one) => ({ storeId, paymentId, ...one }))
}

const strayFindings = ({ streams, webhooks }: Strays): readonly Finding[] => [
  ...streams.map(({ storeId, paymentId, events }) => ({
    storeId,
    paymentId,
    rule: 'journal-has-a-payment' as const,
    what: `The journal has ${events} events of a payment that is not there.`,
  })),
  ...webhooks.map(({ storeId, paymentId, webhookId }) => ({
    storeId,
    paymentId,
    rule: 'webhook-has-a-payment' as const,
    what: `The webhook ${webhookId} is about a payment that is not there.`,
  })),
]
