import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { hour } from '../../../kernel/clock.ts'
import { asWork, cameTooLate, seeEpoch, wasReset } from '../../../kernel/work.ts'
import { cardCharge, createTestSandbox, type TestSandbox } from '../testing/sandbox.ts'
import { find } from './ledger.ts'
import { record } from './record.ts'
import type { Transaction } from './transaction.ts'

describe('payments that the sandbox PG records at the same moment', () => {
  let sandbox: TestSandbox
  let model: Transaction

  before(async () => {
    sandbox = await createTestSandbox()
    await sandbox.gateway.authorize(sandbox.context('model'), cardCharge())
    model = (await find(sandbox.sql, 'store', 'model')) ?? assert.fail('nothing was recorded')
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const recordOf = (reference: string, amount = 10_000, actBefore = sandbox.now() + hour) =>
    record(sandbox.sql, { ...model, reference, amount, askedAmount: amount }, [], actBefore)

  const amountsOf = async (name: string) => {
    const rows = await sandbox.sql<{ reference: string; amount: number }[]>`
      select reference, amount from sandbox_transactions where store_id = 'store' and starts_with(reference, ${name})`
    return Object.fromEntries(rows.map(({ reference, amount }) => [reference, amount]))
  }

  it('share a statement, and stand in the books as those do that came alone', async () => {
    const references = ['shared-1', 'shared-0']
    const recorded = await Promise.all(references.map((reference) => recordOf(reference)))
    assert.deepEqual(
      recorded.map(({ isNew }) => isNew),
      [true, true],
    )
    const [{ count }] = await sandbox.sql<[{ count: number }]>`
      select count(distinct xmin::text)::int as count from sandbox_transactions where starts_with(reference, 'shared-')`
    assert.equal(count, 1)
    for (const reference of references)
      assert.deepEqual(await find(sandbox.sql, 'store', reference), { ...model, reference })
  })

  it('are recorded once for each reference, and whoever asks again learns what the first one asked for', async () => {
    await recordOf('once-old', 1_000)
    const [first, second, old] = await Promise.all([
      recordOf('once-new', 2_000),
      recordOf('once-new', 3_000),
      recordOf('once-old', 4_000),
    ])
    assert.deepEqual([first.isNew, second.isNew, old.isNew], [true, false, false])
    assert.deepEqual(
      [first, second, old].map(({ transaction }) => transaction.amount),
      [2_000, 2_000, 1_000],
    )
    assert.deepEqual(await amountsOf('once-'), { 'once-old': 1_000, 'once-new': 2_000 })
  })

  it('do not share the fate of one that came too late', async () => {
    const [inTime, late] = await Promise.allSettled([
      recordOf('late-not', 1_000),
      recordOf('late-indeed', 1_000, sandbox.now()),
    ])
    assert.equal(inTime.status, 'fulfilled')
    assert.ok(late.status === 'rejected' && cameTooLate(late.reason))
    assert.deepEqual(await amountsOf('late-'), { 'late-not': 1_000 })
  })

  it('are compared with the epoch that each of them saw', async () => {
    const seeing = (epoch: number, reference: string) =>
      asWork(async () => {
        seeEpoch('store', epoch)
        return await recordOf(reference, 1_000)
      })
    const [present, former] = await Promise.allSettled([seeing(0, 'epoch-present'), seeing(7, 'epoch-other')])
    assert.equal(present.status, 'fulfilled')
    assert.ok(former.status === 'rejected' && wasReset(former.reason))
    assert.deepEqual(await amountsOf('epoch-'), { 'epoch-present': 1_000 })
  })
})
