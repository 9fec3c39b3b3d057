import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sandboxStore } from '../../merchants/testing/store.ts'
import { lookUpBusinesses } from './businesses.ts'
import type { LookUps } from './providers.ts'

const unasked = async () => assert.fail('not asked for')

test('businesses are looked up ten at a time, each number once, and answered in the order asked', async () => {
  let [running, most, asked] = [0, 0, 0]
  const lookUps: LookUps = {
    holderOf: unasked,
    companyOf: unasked,
    businessOf: async () => {
      asked += 1
      running += 1
      most = Math.max(most, running)
      // All that were asked at once are under way before any of them is answered.
      await new Promise(setImmediate)
      running -= 1
      return { kind: 'unknown' }
    },
  }
  const platform = { merchantId: 'm', isForTest: true, store: sandboxStore({ merchantId: 'm', storeId: 's' }) }
  const numbers = Array.from({ length: 25 }, (_, index) => String(1_000_000_000 + index))
  const answer = await lookUpBusinesses({ lookUpsOf: () => lookUps }, platform, [...numbers, '100-00-00000', 'x'])
  assert('result' in answer)
  assert.deepEqual(
    answer.result.map(({ brn }) => brn),
    [...numbers, '100-00-00000', 'x'],
  )
  assert.deepEqual([asked, most], [25, 10])
})
