import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { groupSource } from './group-source.ts'

const hour = 3_600_000

/** What Node's runner says about a group of these files, by name. */
const runGroup = async (
  context: TestContext,
  files: Readonly<Record<string, string>>,
  limits: { readonly test: number; readonly file: number; readonly end: number },
) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-group-'))
  context.after(() => rm(directory, { recursive: true }))
  const sources = Object.keys(files).map((path) => ({ path, url: pathToFileURL(join(directory, path)).href }))
  for (const [path, source] of Object.entries({ ...files, 'group.mjs': groupSource(sources, limits) }))
    await writeFile(join(directory, path), source)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const followed = ['--import', new URL('./follow-tests.mjs', import.meta.url).href]
  const words = [...followed, '--test', `--test-timeout=${limits.test}`, '--test-reporter=spec', 'group.mjs']
  const { status, stdout } = spawnSync(process.execPath, words, {
    cwd: directory,
    env,
    encoding: 'utf8',
    timeout: 240_000,
  })
  return { status, said: stdout }
}

const fine = "import { test } from 'node:test'\ntest('is fine', () => {})"

test('a test that hangs and what it leaves open are named, and the next file is run', async (context) => {
  const hangs = `
    import { test } from 'node:test'
    test('hangs', () => new Promise(() => setInterval(() => {}, 1_000)))`
  const files = { 'hangs.mjs': hangs, 'fine.mjs': fine }
  const { status, said } = await runGroup(context, files, { test: 1_000, file: hour, end: 1 })
  assert.equal(status, 1)
  assert.match(said, /✖ hangs .*✔ is fine .*test timed out after 1000ms/s)
  assert.match(said, /still open: .*'Timeout'.* hangs\.mjs, fine\.mjs/)
})

test('a file whose suite hangs before it has any test is named', async (context) => {
  const hangs = `
    import { describe } from 'node:test'
    describe('begins', () => new Promise(() => setInterval(() => {}, 1_000)))`
  const { status, said } = await runGroup(context, { 'begins.mjs': hangs }, { test: hour, file: 1_000, end: 1 })
  assert.equal(status, 1)
  assert.match(said, /✖ begins.*✖ begins\.mjs .*timed out after 1000ms/s)
})

test('a file that passes and leaves something open fails', async (context) => {
  const files = { 'leaves.mjs': `${fine}\nsetInterval(() => {}, 1_000)` }
  const { status, said } = await runGroup(context, files, { test: hour, file: hour, end: 1 })
  assert.equal(status, 1)
  assert.match(said, /still open: .*'Timeout'.* leaves\.mjs/)
})

test('a file that ends is let end', async (context) => {
  const { status, said } = await runGroup(context, { 'fine.mjs': fine }, { test: hour, file: hour, end: hour })
  assert.equal(status, 0)
  assert.match(said, /✔ is fine/)
})
