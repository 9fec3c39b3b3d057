import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { adminOperations, type OperationDefinition, operations } from '@naru/contract'
import type { Sql } from '../src/db/connect.ts'
import { newAdmin } from './support/admin.ts'
import type { Answer } from './support/api.ts'
import { type Input, send } from './support/fuzz-requests.ts'
import { leastRequest } from './support/inputs/requests.ts'
import { startNaru } from './support/naru.ts'
import { contractBody, partnerBody } from './support/platform.ts'
import { externalCancel, externalOrder } from './support/platform-transfers.ts'
import { breakableWire } from './support/wire.ts'

/** What an operator has set up outlives a reset, and so does a request to change it. */
const ofOperators = ['putAdminHoliday', 'deleteAdminHoliday']
const all: Readonly<Record<string, OperationDefinition>> = { ...operations, ...adminOperations }
/** Keeps what it has found, by the statement that the look-up of a company shares; and one that writes nothing. */
const keeping = ['getPlatformAccountHolder']
const asking = ['getB2bBusinessInfos']
const isOfPlatform = ({ path }: OperationDefinition) =>
  /^\/(platform|admin\/platform|sandbox\/platform|b2b)\b/.test(path)
const writing = Object.keys(all).filter((id) => {
  const definition = all[id]
  if (definition === undefined || !isOfPlatform(definition)) return false
  return keeping.includes(id) || (definition.method !== 'GET' && !asking.includes(id) && !ofOperators.includes(id))
})

describe('a request to a platform whose store is reset meanwhile', async () => {
  const naru = await startNaru()
  const wire = await breakableWire(naru.database.url)
  const slow = await naru.another(wire.url)
  after(() => wire[Symbol.asyncDispose]())
  const { sql } = naru.database
  const store = await naru.newMerchant()
  const admin = await newAdmin(sql, store.storeId)
  const today = new Date((await store.now()) + 9 * 3_600_000).toISOString().slice(0, 10)

  const call = (url: string, id: string, input: Input): Promise<Answer> => {
    const definition = all[id]
    assert(definition)
    const authorization = Object.hasOwn(adminOperations, id) ? `NaruAdmin ${admin}` : `PortOne ${store.apiSecret}`
    return send(url, definition, authorization, input)
  }
  const done = async (id: string, input: Input) => {
    const { status, text } = await call(naru.url, id, input)
    assert.equal(status, 200, text)
  }
  const reset = () => done('resetSandboxStore', {})
  /** What a server does by itself compares the epoch as well, and changes rows. */
  const nothingIsDue = () => done('advanceSandboxClock', { body: { seconds: 0 } })

  const manual = { partnerId: 'seller', settlementAmount: 1_000, settlementDate: today }
  /** Tests use names again. */
  const world = async () => {
    await done('createPlatformContract', { body: contractBody({ id: 'contract' }) })
    await done('createPlatformPartner', { body: partnerBody('contract', { id: 'seller' }) })
    await done('createPlatformOrderTransfer', { body: externalOrder('seller', { id: 'order' }) })
    await done('createPlatformManualTransfer', { body: manual })
    await done('prepareAdminBulkPayout', { body: { id: 'payout', settlementDates: [today] } })
  }
  const generated = async () => {
    await world()
    await done('generateAdminPayouts', { path: { id: 'payout' } })
  }
  const recipient = { bank: 'KOOKMIN', accountNumber: '110123456', accountHolder: '홍길동' }
  type Changing = { readonly made?: () => Promise<void>; readonly input: Input }
  /** Those that change something in a world with the same names; the others are refused whatever there is. */
  const changing: Readonly<Record<string, Changing>> = {
    remitAdminBalance: { made: generated, input: { body: { ...recipient, amount: 71 } } },
    executeAdminPayouts: { made: generated, input: { path: { id: 'payout' } } },
    generateAdminPayouts: { made: world, input: { path: { id: 'payout' } } },
    createPlatformPartner: { made: world, input: { body: partnerBody('contract', { id: 'late' }) } },
    updatePlatformSetting: { made: world, input: { body: { manualSettlementPerTransfer: true } } },
    createPlatformManualTransfer: { made: world, input: { body: manual } },
    createPlatformOrderTransfer: { made: world, input: { body: externalOrder('seller', { id: 'late' }) } },
    createPlatformOrderCancelTransfer: { made: world, input: { body: externalCancel('order') } },
    deletePlatformTransfer: { made: world, input: { path: { id: 'order' } } },
    getPlatformAccountHolder: { input: { path: { bank: 'KOOKMIN', accountNumber: '110123456' } } },
  }

  // Days are looked at whenever they begin or somebody looks.
  const tables = await sql<{ name: string }[]>`
    select distinct table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'merchant_id' and table_name ~ '^(platform|sandbox_bank)' and table_name !~ 'days$'
      and not (select relispartition from pg_class where oid = table_name::regclass)`
  const rows = async () => {
    const { merchantId } = (
      await sql<{ merchantId: string }[]>`
      select merchant_id as "merchantId" from stores where store_id = ${store.storeId}`
    )[0] ?? { merchantId: '' }
    const read = tables.map(
      ({ name }) =>
        sql`select to_jsonb(t)::text as row from ${sql(name)} t where merchant_id = ${merchantId} order by 1`,
    )
    return (await Promise.all(read)).flat()
  }

  for (const id of writing)
    test(`${id} changes nothing, and says so`, async (context) => {
      context.after(() => wire.thaw())
      const { made: make = async () => undefined, input } = changing[id] ?? {
        input: leastRequest(all[id] ?? assert.fail(id)),
      }
      const made = async () => {
        await make()
        await nothingIsDue()
      }
      await made()
      const { late } = await wire.freezeAt(['store_in_epoch'], () => call(slow.url, id, input))
      await reset()
      await made()
      const before = await rows()
      wire.thaw()
      const refused = await late
      assert.equal(refused.status, 400, refused.text)
      assert.match(refused.text, /"INVALID_REQUEST".*reset/)
      assert.deepEqual(await rows(), before)
      if (changing[id]?.made) await reset()
    })

  test('is over before the reset where it has compared the epoch already', async (context) => {
    context.after(() => wire.thaw())
    const before = await rows()
    // Not at a commit, which may be another's.
    const { late } = await wire.freezeAt(['insert into platform_entities'], () =>
      call(slow.url, 'createPlatformContract', { body: contractBody({ id: 'early' }) }),
    )
    const overtaking = reset()
    await Promise.race([untilLocked(sql), overtaking.then(() => assert.fail('the reset did not wait'))])
    wire.thaw()
    assert.equal((await late).status, 200)
    await overtaking
    assert.deepEqual(await rows(), before)
  })
})

/** Waits until a session waits for a lock of another. */
const untilLocked = async (sql: Sql): Promise<void> => {
  const deadline = AbortSignal.timeout(240_000)
  for (;;) {
    deadline.throwIfAborted()
    const [waiting] = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (waiting) return
  }
}
