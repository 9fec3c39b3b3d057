import type { Sql } from '../db/connect.ts'
import { paymentsThat } from '../payments/stored.ts'
import { checkPayment } from './check-payment.ts'
import { checkSandbox } from './check-sandbox.ts'
import { brokenOf } from './check-stream.ts'
import type { Finding } from './finding.ts'
import { type AuditedPayment, type Batch, readBatch, type Strays } from './rows.ts'

/** Checks all payments, a batch at a time, and says after each how many there were in it, and how many there are. */
export async function* findPaymentFaults(
  sql: Sql,
  onBatch: (payments: number, total: number) => void,
): AsyncGenerator<Finding> {
  const [{ total }] = await sql<[{ total: number }]>`
    select count(*) as total from ${paymentsThat(sql, sql`true`)} p`
  for await (const { payments, strays } of batches(sql)) {
    for (const payment of payments) yield* checked(payment)
    yield* strayFindings(strays)
    onBatch(payments.length, total)
  }
}

async function* batches(sql: Sql): AsyncGenerator<Batch> {
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
