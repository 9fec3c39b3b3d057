import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { naru, Program } from '../../test/support/program.ts'

test('a command whose reader is gone ends quietly', async () => {
  const program = new Program([...naru, 'openapi'], {})
  program.child.stdout?.destroy()
  assert.deepEqual(await once(program.child, 'exit'), [0, null])
  assert.equal(program.text, '')
})
