import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const full = '/dev/full'
const naru = fileURLToPath(new URL('../../bin/naru.js', import.meta.url))

test('output that cannot be written fails the command: what it was to show is lost', {
  skip: existsSync(full) ? false : `there is no ${full} here`,
}, async () => {
  const command = spawn(process.execPath, [naru, 'openapi'], { stdio: ['ignore', openSync(full, 'w'), 'pipe'] })
  assert(command.stderr)
  const [said, [code]] = await Promise.all([text(command.stderr), once(command, 'exit')])
  assert.equal(code, 1)
  assert.match(said, /^\nnaru: The output could not be written: ENOSPC.*What was done stays done\.\n$/)
})
