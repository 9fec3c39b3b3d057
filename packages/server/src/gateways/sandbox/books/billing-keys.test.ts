import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { hour } from '../../../kernel/clock.ts'
import { asWork, cameTooLate, seeEpoch, wasReset } from '../../../kernel/work.ts'
import { cardCharge, createTestSandbox, type TestSandbox } from '../testing/sandbox.ts'
import { findByToken, findMethod, recordMethod, type StoredMethod } from './billing-keys.ts'

describe('cards that the sandbox PG stores at the same moment', () => {
  let sandbox: TestSandbox
  let model: StoredMethod

  before(async () => {
    sandbox = await createTestSandbox()
    await sandbox.gateway.issueBillingKey(sandbox.context('model'), cardCharge())
    model = (await findMethod(sandbox.sql, 'store', 'model')) ?? assert.fail('nothing was stored')
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const store = (reference: string, token = `token of ${reference}`, actBefore = sandbox.now() + hour) =>
    recordMethod(sandbox.sql, { storeId: 'store', actBefore }, { ...model, reference, token })

  it('share a statement, and stand in the books as those do that came alone', async () => {
    const references = ['shared-1', 'shared-0']
    const stored = await Promise.all(references.map((reference) => store(reference)))
    const [{ count }] = await sandbox.sql<[{ count: number }]>`
      select count(distinct xmin::text)::int as count from sandbox_billing_keys where starts_with(reference, 'shared-')`
    assert.equal(count, 1)
    for (const [index, reference] of references.entries()) {
      assert.deepEqual(stored[index], { ...model, reference, token: `token of ${reference}` })
      assert.deepEqual(await findMethod(sandbox.sql, 'store', reference), stored[index])
    }
  })

  it('are stored once for each reference, and whoever asks again learns the token of the first', async () => {
    await store('once-old', 'old')
    const stored = await Promise.all([
      store('once-new', 'first'),
      store('once-new', 'second'),
      store('once-old', 'third'),
    ])
    assert.deepEqual(
      stored.map(({ token }) => token),
      ['first', 'first', 'old'],
    )
  })

  it('do not share the fate of one that came too late', async () => {
    const [inTime, late] = await Promise.allSettled([store('in-time'), store('late', 'late', sandbox.now() - 1)])
    assert.equal(inTime.status, 'fulfilled')
    assert.ok(late.status === 'rejected' && cameTooLate(late.reason))
    assert.equal(await findMethod(sandbox.sql, 'store', 'late'), undefined)
  })

  it('do not share the fate of one whose store was reset since it began', async () => {
    const ofAnotherEpoch = asWork(async () => {
      seeEpoch('store', 7)
      return await store('of-another-epoch')
    })
    const [own, other] = await Promise.allSettled([store('of-this-epoch'), ofAnotherEpoch])
    assert.equal(own.status, 'fulfilled')
    assert.ok(other.status === 'rejected' && wasReset(other.reason))
  })

  it('are found by their own token each, when they are asked for at once', async () => {
    await store('found-1', 'one')
    await store('found-2', 'two')
    const found = await Promise.all(['two', 'none', 'one'].map((token) => findByToken(sandbox.sql, 'store', token)))
    assert.deepEqual(
      found.map((method) => method?.reference),
      ['found-2', undefined, 'found-1'],
    )
    assert.equal(await findByToken(sandbox.sql, 'another store', 'one'), undefined)
  })
})
