import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startNaru } from './support/naru.ts'

const example = join(import.meta.dirname, '../../../examples/subscription-shop.mjs')

describe('the example of a subscription shop', async () => {
  const naru = await startNaru()

  test('lives through a year: month ends, a leap day, one decline that is made good, and one card that stays over its limit', async () => {
    const env = { ...process.env, API_URL: naru.url, API_SECRET: naru.apiSecret }
    const { stdout } = await promisify(execFile)(process.execPath, [example], { env })
    const of = (customer: string) =>
      stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes(`  ${customer}  `))
        .map((line) => [line.slice(0, 10), line.slice(18)].join(' '))
    const paid = (day: string) => `${day} paid 9900`
    const monthEnds = ['01-31', '02-29', '03-31', '04-30', '05-31', '06-30']
    const rest = ['07-31', '08-31', '09-30', '10-31', '11-30', '12-31']
    const all = [...monthEnds, ...rest].map((day) => `2028-${day}`)
    assert.deepEqual(of('ana'), all.map(paid))
    assert.deepEqual(of('ben'), [
      ...all.slice(0, 2).map(paid),
      '2028-03-31 declined: 잔액이 부족합니다',
      paid('2028-04-03'),
      ...all.slice(3).map(paid),
    ])
    assert.deepEqual(of('cho'), [
      ...all.slice(0, 4).map(paid),
      ...['05-31', '06-03', '06-06', '06-09'].map((day) => `2028-${day} declined: 카드 한도를 초과했습니다`),
      '2028-06-09 subscription ended',
    ])
    const named = await naru.database.sql`select from stores where name = 'Subscription shop'`
    assert.equal(named.count, 1)
  })
})
