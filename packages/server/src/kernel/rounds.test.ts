import assert from 'node:assert/strict'
import { test } from 'node:test'
import { again, inRounds } from './rounds.ts'

test('rounds are repeated until one has a result', async () => {
  let count = 0
  assert.equal(await inRounds('it', async () => (++count < 3 ? again : count)), 3)
})

test('rounds that never end are an error', async () => {
  await assert.rejects(
    inRounds('the budget', async () => again),
    /the budget was decided 100 times/,
  )
})
