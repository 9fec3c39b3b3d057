import assert from 'node:assert/strict'
import { test } from 'node:test'
import { landedMigrations, landingOrder, migrationNames } from './support/migration-order.ts'

test('migrations are numbered in the order in which they landed, and are never changed', async () => {
  const landed = await landedMigrations()
  const remedy = 'Run: npm run docs. It appends to db/migrations/landed.txt, in which no line is ever changed or moved.'
  assert.deepEqual(landed.map(({ name }) => name).toSorted(), await migrationNames(), remedy)
  for (const [index, { name }] of landed.entries()) {
    const before = landed[index - 1]?.name ?? ''
    assert.ok(
      before < name,
      `${name} is numbered below ${before}, which has landed: databases that have had that refuse it. Give it a number above.`,
    )
  }
  assert.deepEqual(landed, await landingOrder(landed.map(({ name }) => name)), remedy)
})
