import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

/** Suites and hooks that are registered late, as our groups do it, and errors that nobody catches. */
const suites = {
  'group.test.mjs': `
    import { describe, test } from 'node:test'
    await describe('file', () => import('./file.mjs').then(() => {}))
    await describe('another file', async () => {
      await null
      describe('inner', async () => {
        await null
        test('deep', async (t) => t.test('deeper', async () => {
          await null
          await test('by the global function', () => {})
        }))
      })
    })`,
  'file.mjs': `
    import { after, before, describe, test } from 'node:test'
    import { setImmediate as turn } from 'node:timers/promises'
    await turn()
    let hasBegun = false
    before(() => { hasBegun = true })
    after(() => { throw new Error('after the file') })
    test('at the top', () => { if (!hasBegun) throw new Error('before the file') })
    test('an error', async () => { setImmediate(() => { throw new Error('stray error') }); await turn(); await turn() })
    test('a rejection', async () => { setImmediate(() => void Promise.reject(new Error('stray'))); await turn(); await turn() })
    test('over', () => { setImmediate(() => { throw new Error('stray, too late') }) })
    test('goes on', async () => { await turn(); await turn() })
    describe('in the file', async () => { await turn(); test('last', async () => { await turn() }) })`,
}

test("tests are followed as Node's runner follows them itself", async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-follow-'))
  context.after(() => rm(directory, { recursive: true }))
  for (const [name, source] of Object.entries(suites)) await writeFile(join(directory, name), source)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const run = (...options: readonly string[]) => {
    const words = [...options, '--test', '--test-reporter=spec', 'group.test.mjs']
    const { status, stdout } = spawnSync(process.execPath, words, {
      cwd: directory,
      env,
      encoding: 'utf8',
      timeout: 240_000,
    })
    return { status, said: stdout.replace(/\([\d.]+ms\)|(?<=duration_ms )[\d.]+|^ +at .*\n/gm, '') }
  }
  const itself = run()
  assert.match(itself.said, /✖ an error.*✖ a rejection.*✔ by the global function.*stray, too late/s)
  assert.deepEqual(run('--import', new URL('follow-tests.mjs', import.meta.url).href), itself)
})
