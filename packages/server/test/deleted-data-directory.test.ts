import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { naru, Program, temporaryDataDirectory } from './support/program.ts'

test('a start where the data directory was deleted under a server comes up, and that server ends and says why', async (context) => {
  const dataDirectory = join(await temporaryDataDirectory(context), 'data')
  const environment = { NARU_DATA_DIR: dataDirectory }
  const first = new Program([...naru, 'serve'], environment)
  const second = await first.url().then(async () => {
    await rm(dataDirectory, { recursive: true })
    return new Program([...naru, 'serve'], environment)
  })
  const url = await second.url()
  assert.equal(await first.ended, 1)
  // What it could not read meanwhile is told before: how much that is hangs on when the second one begins.
  const last = first.text.trimEnd().split('\n').at(-1) ?? ''
  assert.match(last, /was deleted, moved away or replaced while this server ran/)
  assert.doesNotMatch(last, /ENOENT/)
  const { status } = await fetch(`${url}/readyz`)
  second.child.kill('SIGTERM')
  assert.deepEqual([status, await second.ended], [200, 0])
})
