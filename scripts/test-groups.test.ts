import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupsOfFiles, standsAlone } from './test-groups.ts'

test('a test that changes its process has one of its own, and one that only looks does not', () => {
  for (const source of [
    'process.env.DATABASE_URL = database.url',
    "process.env['TZ'] = 'Asia/Seoul'",
    'delete process.env.TMPDIR',
    "process.emit('SIGINT', 'SIGINT')",
    "process.once('SIGTERM', stop)",
    "const output = mock.method(process.stdout, 'write', write)",
  ])
    assert.ok(standsAlone('packages/server/src/a.test.ts', source), source)
  for (const source of [
    "if (process.env.NARU_TEST_BROWSER !== 'required') return",
    'const { TMPDIR } = process.env',
    'test_process.on(event)',
    "t.mock.timers.enable({ apis: ['setInterval'] })",
  ])
    assert.ok(!standsAlone('packages/server/src/a.test.ts', source), source)
})

test('each file is in one group', () => {
  const files = groupsOfFiles(16).flat()
  assert.equal(new Set(files).size, files.length)
  assert.ok(files.includes('scripts/test-groups.test.ts'))
})
