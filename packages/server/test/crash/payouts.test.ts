import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runPayoutKills } from './payouts.ts'

// `npm run crash` has more partners and kills.
test('transfers are registered once and payouts leave the bank once, wherever the server dies', async (t) => {
  const summary = await runPayoutKills({
    partners: 16,
    kills: 2,
    seed: 1,
    report: (line) => t.diagnostic(line),
  })
  assert.deepEqual(summary.findings, [])
  assert.deepEqual([summary.registered, summary.paid], [48, 16])
})
