import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScheduleKills } from './schedules.ts'

// `npm run crash` has 10,000 schedules on 8 workers.
test('schedules that are due at once are charged once each, whichever workers are killed', async (t) => {
  const summary = await runScheduleKills({
    schedules: 300,
    workers: 3,
    kills: 3,
    seed: 1,
    report: (line) => t.diagnostic(line),
  })
  t.diagnostic(`${summary.kills} kills, ${summary.seconds.toFixed(1)} s`)
  assert.deepEqual(summary.findings, [])
  assert.equal(summary.charged, 300)
})
