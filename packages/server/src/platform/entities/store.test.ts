import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createTestDatabase } from '../../../test/support/database.ts'
import { fromIso } from '../../kernel/clock.ts'
import { createMerchant, createStore } from '../../merchants/setup.ts'
import { sandboxStore } from '../../merchants/testing/store.ts'
import { nextDue } from '../../workers/testing/next-due.ts'
import type { Platform } from '../platform.ts'
import { readSnapshots } from '../transfers/snapshots.ts'
import { entityDue } from './due.ts'
import type { Entity } from './entity.ts'
import { findEffective, findEntity, relyingOnNothing } from './store.ts'
import { insertEntities, writeSchedule, writeVersion } from './write.ts'

const at = (text: string): number => {
  const instant = fromIso(text)
  assert(instant !== undefined)
  return instant
}

describe('versions of an entity', async () => {
  const database = await createTestDatabase()
  after(() => database[Symbol.asyncDispose]())
  const { sql } = database
  const merchantId = await createMerchant(sql, 'Market')
  const storeId = await createStore(sql, { merchantId, name: 'Market', mode: 'SANDBOX', isRepresentative: true })
  const platform: Platform = { merchantId, isForTest: true, store: sandboxStore({ merchantId, storeId }) }

  const policy = (name: string) => ({ name, partnerShareRate: 1 })
  const created = async (id: string, now: string) => {
    const entities = [{ id, content: policy('first') }]
    const rows = await insertEntities(sql, platform, 'DISCOUNT_SHARE_POLICY', entities, relyingOnNothing, at(now))
    assert(rows?.[0])
    return rows[0]
  }
  const renamed = async (entity: Entity<'DISCOUNT_SHARE_POLICY'>, name: string, now: string) => {
    const kind = 'DISCOUNT_SHARE_POLICY'
    const written = await writeVersion(sql, platform, kind, entity, policy(name), relyingOnNothing, at(now))
    assert(written)
    return written
  }

  test('are chosen by the day on which they began to apply, in Korea', async () => {
    // 2026-03-02 begins in Seoul at 2026-03-01T15:00:00Z.
    const first = await created('dated', '2026-03-01T00:00:00Z')
    const second = await renamed(first, 'second', '2026-03-01T15:00:00Z')
    const third = await renamed(second, 'third', '2026-03-02T14:59:59.999Z')
    await renamed(third, 'fourth', '2026-03-02T15:00:00Z')
    for (const [start, name] of [
      ['2026-02-01', 'first'],
      ['2026-03-01', 'first'],
      ['2026-03-02', 'third'],
      ['2026-03-03', 'fourth'],
      ['2030-01-01', 'fourth'],
    ] as const) {
      const found = await findEffective(sql, platform, 'DISCOUNT_SHARE_POLICY', ['dated', 'none'], start)
      assert.deepEqual(
        [...found.values()].map((one) => one.content.name),
        [name],
        start,
      )
    }
  })

  test('stay as they were', async () => {
    const first = await created('kept', '2026-03-01T00:00:00Z')
    await renamed(first, 'second', '2026-03-02T00:00:00Z')
    const keys = [1, 2].map((version) => ({ kind: 'DISCOUNT_SHARE_POLICY', id: 'kept', version }) as const)
    const find = await readSnapshots(sql, platform, keys)
    assert.deepEqual(
      keys.map((key) => find('DISCOUNT_SHARE_POLICY', key).content.name),
      ['first', 'second'],
    )
  })

  test('are written by one of those who know the same one', async () => {
    const first = await created('raced', '2026-03-01T00:00:00Z')
    const now = at('2026-03-02T00:00:00Z')
    const written = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        writeVersion(sql, platform, 'DISCOUNT_SHARE_POLICY', first, policy(name), relyingOnNothing, now),
      ),
    )
    assert.equal(written.filter((one) => one !== undefined).length, 1)
  })

  test('of the other platform and of other merchants are out of reach', async () => {
    await created('apart', '2026-03-01T00:00:00Z')
    const live = { ...platform, isForTest: false }
    const another = { ...platform, merchantId: 'another' }
    const apart = { kind: 'DISCOUNT_SHARE_POLICY', id: 'apart', version: 1 } as const
    for (const other of [live, another]) {
      assert.equal(await findEntity(sql, other, 'DISCOUNT_SHARE_POLICY', 'apart'), undefined)
      assert.equal((await findEffective(sql, other, 'DISCOUNT_SHARE_POLICY', ['apart'], '2026-03-02')).size, 0)
      await assert.rejects(readSnapshots(sql, other, [apart]).then((find) => find('DISCOUNT_SHARE_POLICY', apart)))
    }
  })

  test('that are scheduled apply once, however often they are run', async () => {
    const first = await created('scheduled', '2026-03-01T00:00:00Z')
    const planned = { change: { name: 'second' }, appliedAt: at('2026-03-02T00:00:00Z') }
    const now = at('2026-03-01T12:00:00Z')
    await writeSchedule(sql, platform, 'DISCOUNT_SHARE_POLICY', first, planned, relyingOnNothing, now)
    const source = entityDue({
      sql,
      findStore: async () => platform.store,
      clockOf: async () => ({ offset: 0, stoppedAt: at('2026-03-02T00:00:00Z'), epoch: 0 }),
    })
    const [item] = await nextDue(sql, source, storeId, at('2026-03-02T00:00:00Z'))
    assert(item)
    await Promise.all([source.run(item), source.run(item), source.run(item)])
    await source.run(item)
    const entity = await findEntity(sql, platform, 'DISCOUNT_SHARE_POLICY', 'scheduled')
    assert.deepEqual(
      [entity?.version, entity?.content.name, entity?.appliedAt, entity?.change, entity?.dueAt],
      [2, 'second', planned.appliedAt, null, null],
    )
    assert.equal((await nextDue(sql, source, storeId, at('2099-01-01T00:00:00Z'))).length, 0)
  })
})
