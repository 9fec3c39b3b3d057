import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionProblem } from './server-version.ts'

test('a PostgreSQL older than the oldest one that was tested is refused, with its version and what to do', () => {
  assert.match(versionProblem(140_019) ?? '', /^PostgreSQL 14\.19 is too old: Naru needs 15 or newer\. Upgrade it/)
  for (const version of [150_000, 150_020, 180_004]) assert.equal(versionProblem(version), undefined)
})
