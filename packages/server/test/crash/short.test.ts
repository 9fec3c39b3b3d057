import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCrashes } from './suite.ts'

// `npm run crash` is the long version.
test('nothing acknowledged is lost and nothing is charged or refunded twice, wherever the server dies', async (t) => {
  const summary = await runCrashes({
    seed: 1,
    serverKills: 2,
    postgresKills: 1,
    calm: [300, 900],
    pointRounds: 1,
    report: (line) => t.diagnostic(line),
  })
  assert.deepEqual(summary.findings, [])
  assert.equal(summary.points, 24)
})
