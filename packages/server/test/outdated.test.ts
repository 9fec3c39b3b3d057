import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startNaru } from './support/naru.ts'
import { readiness } from './support/readiness.ts'
import { order } from './support/requests.ts'

describe('a server whose database a newer version has migrated', async () => {
  const naru = await startNaru({
    expects: (line) => line.includes('A newer version of Naru has migrated the database'),
  })
  const { sql } = naru.database

  test('says so to load balancers, and leaves what is due to the newer version', async () => {
    const store = await naru.newStore()
    await store.api.call('stopSandboxClock')
    await sql`insert into schema_migrations (number, name, checksum) values (9999, '9999_of_tomorrow.sql', '')`
    let answer = await readiness(naru.url)
    while (answer.status === 200) answer = await readiness(naru.url)
    assert.match(answer.text, /A newer version of Naru has migrated the database\. Stop this server/)
    const paymentId = store.storeId
    await store.portone.payment.payInstantly({ ...order(store.channelKey), paymentId })
    assert.deepEqual(store.webhooks.received, [])
    const moved = await store.api.send('advanceSandboxClock', { body: { hours: 1 } })
    assert.equal(moved.status, 503)
    assert.match(moved.text, /INTERNAL.*A newer version of Naru has migrated the database.*newer version/)
    assert.deepEqual(store.webhooks.received, [])
    // To the next server this is its own version's database.
    await sql`delete from schema_migrations where number = 9999`
    const newer = await naru.another()
    await store.webhooks.next('Transaction.Paid')
    assert.equal((await readiness(newer.url)).status, 200)
    assert.equal((await readiness(naru.url)).status, 503)
  })
})
