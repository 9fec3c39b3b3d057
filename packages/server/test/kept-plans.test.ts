import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLoader } from '../src/aggregates/load.ts'
import { findAttempt } from '../src/checkout/attempts.ts'
import { connect } from '../src/db/connect.ts'
import { createMerchant, createStore } from '../src/merchants/setup.ts'
import { readPayment } from '../src/payment-reading/read.ts'
import { noPayment } from '../src/payments/state/evolve.ts'
import { paymentAggregate } from '../src/payments/store.ts'
import { createTestDatabase } from './support/database.ts'
import { partitionsInTests } from './support/partitions.ts'

const database = await createTestDatabase()
after(() => database[Symbol.asyncDispose]())
/** One connection, which can be asked for what it has prepared. */
const sql = connect(database.url, { max: 1 })
after(() => sql.end())

/** PostgreSQL plans a prepared statement for its values this often before it thinks of keeping a plan. */
const firstPlans = 5

/** A plan for all partitions looks dearer than one for those that hold the values: there each plan is made anew. */
const skip = partitionsInTests > 0

test('what is looked up for one request alone is not planned each time', { skip }, async () => {
  const merchantId = await createMerchant(sql, 'Shop')
  const storeId = await createStore(sql, { merchantId, name: 'Shop', mode: 'SANDBOX', isRepresentative: true })
  const load = createLoader(sql, paymentAggregate)
  for (let time = 0; time < 2 * firstPlans; time++) {
    await load({ storeId, id: 'order-1' }, noPayment(merchantId, storeId, 'order-1'))
    await readPayment(sql, { storeId, paymentId: 'order-1' })
    await findAttempt(sql, storeId, 'transaction-1')
  }
  const statements = await sql<{ plans: number }[]>`
    select custom_plans as plans from pg_prepared_statements where custom_plans > 0 and statement like '% as wanted (%'`
  const plans = statements.map((statement) => Number(statement.plans))
  assert.deepEqual(plans, [firstPlans, firstPlans, firstPlans])
})
