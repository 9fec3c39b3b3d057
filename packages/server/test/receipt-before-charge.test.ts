import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { pino } from 'pino'
import { startServer } from '../src/server.ts'
import { apiOf, typeOf } from './support/api.ts'
import { createTestDatabase } from './support/database.ts'
import { newPaymentId, order, virtualAccount } from './support/requests.ts'

test('a cash receipt that cannot be kept fails the request before anything is begun, and casts no doubt on the PG', async (context) => {
  await using database = await createTestDatabase()
  const { sql } = database
  const apiSecret = randomBytes(24).toString('hex')
  const lines: string[] = []
  const server = await startServer(
    {
      port: 0,
      host: '127.0.0.1',
      databaseUrl: database.url,
      dataDirectory: '/nowhere',
      encryptionKey: randomBytes(32).toString('base64'),
      logLevel: 'error',
      allowedTargets: [],
      sandbox: { apiSecret },
    },
    { log: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }) },
  )
  context.after(() => server.close())
  const api = apiOf(server.url, apiSecret)
  const paymentId = newPaymentId()
  const { virtualAccount: account } = virtualAccount()
  const cashReceipt = { type: 'PERSONAL' as const, customerIdentityNumber: '010-1234-5678' }
  const method = { virtualAccount: { ...account, cashReceipt } }
  const pay = () =>
    api.send('payInstantly', { path: { paymentId }, body: order(server.sandbox?.channelKey ?? '', { method }) })

  await sql`alter table cash_receipt_identities add constraint full_disk check (false)`
  assert.equal((await pay()).status, 500)
  assert.equal(lines.length, 1)
  assert.equal(typeOf(await api.send('getPayment', { path: { paymentId } })), 'PAYMENT_NOT_FOUND')
  assert.deepEqual((await api.call('getSandboxLedger', {})).items, [])

  await sql`alter table cash_receipt_identities drop constraint full_disk`
  assert.equal((await pay()).status, 200)
  assert.equal((await sql`select from cash_receipt_identities`).count, 1)
})
