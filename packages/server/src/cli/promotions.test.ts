import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { Command } from 'commander'
import { createTestDatabase } from '../../test/support/database.ts'
import { createMerchant, createStore } from '../merchants/setup.ts'
import { addPromotions } from './promotions.ts'

describe('naru promotion', async () => {
  const database = await createTestDatabase()
  after(() => database[Symbol.asyncDispose]())
  const { sql } = database
  process.env.DATABASE_URL = database.url
  process.env.NARU_ENCRYPTION_KEY = randomBytes(32).toString('base64')
  const merchantId = await createMerchant(sql, 'Bookshop')
  const store = await createStore(sql, { merchantId, name: 'Bookshop', mode: 'LIVE', isRepresentative: true })

  const naru = async (...words: string[]) => {
    const program = new Command().exitOverride()
    addPromotions(program)
    await program.parseAsync(['promotion', ...words, '--store', store], { from: 'user' })
  }

  const created = ['create', 'Spring', '--card', 'SHINHAN_CARD', '--percent', '10000=10', '--maximum', '5000']
  await naru(...created, '--budget', '100000', '--start', '2098-01-01T00:00:00Z', '--end', '2099-01-01T00:00:00Z')
  const [row] = await sql<[{ id: string }]>`select promotion_id as id from promotions`

  const termsNow = async () => {
    const [{ terms }] = await sql<[{ terms: object }]>`select state -> 'terms' as terms from promotions`
    return terms
  }

  test('edit changes what is named and leaves the rest', async () => {
    const before = await termsNow()
    await naru('edit', row.id, '--name', 'Summer', '--budget', '50000', '--keep-spent')
    const changed = { name: 'Summer', totalBudget: 50_000, recoverOption: { type: 'NO_RECOVER' } }
    assert.deepEqual(await termsNow(), { ...before, ...changed })
    await naru('edit', row.id, '--amount', '20000=3000', '--return-spent')
    const rule = { policy: { partitions: [{ amountFrom: 20_000, scheme: { type: 'AMOUNT', amount: 3_000 } }] } }
    assert.deepEqual(await termsNow(), { ...before, ...changed, rule, recoverOption: { type: 'RECOVER' } })
  })

  test('edit says what is wrong and changes nothing', async () => {
    const before = await termsNow()
    for (const [words, problem] of [
      [['--budget', 'much'], /totalBudget/],
      [['--end', 'tomorrow'], /endAt/],
      [['--card', 'MY_CARD'], /cardCompany/],
      [['--budget', ''], /totalBudget/],
      [['--percent', '10000'], /--percent must be a total/],
      [['--percent', '1=2=3'], /--percent must be a total/],
      [['--amount', '=5'], /--amount must be a total/],
      [['--end', '2001-01-01T00:00:00Z'], /endAt must be later than startAt/],
      [['--keep-spent', '--return-spent'], /cannot be used with/],
      [[], /Give at least one of/],
    ] as const)
      await assert.rejects(naru('edit', row.id, ...words), problem)
    await assert.rejects(naru('edit', 'no-such-promotion', '--name', 'x'), /There is no promotion no-such-promotion/)
    assert.deepEqual(await termsNow(), before)
  })
})
