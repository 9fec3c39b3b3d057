import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { installedBinaries, program, usableBinaries } from './binaries.ts'

const nobody = { uid: 65_534, gid: 65_534 }
const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root hands PostgreSQL to another account' }

test('binaries that the account can reach are used where they are', async () => {
  const installed = await installedBinaries()
  assert.deepEqual(await usableBinaries(installed, undefined, '/nowhere'), installed)
})

test('as root, binaries that the account cannot reach are copied to where it can, once', asRoot, async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-binaries-'))
  context.after(() => rm(directory, { recursive: true }))
  const installed = await installedBinaries()
  const hidden = { ...installed, directory: join(directory, 'hidden', 'native') }
  await cp(installed.directory, hidden.directory, { recursive: true, filter: (path) => !/\.a$|extension/.test(path) })
  await chmod(join(directory, 'hidden'), 0o700)
  await chmod(directory, 0o711)

  const [usable, same] = await Promise.all([1, 2].map(() => usableBinaries(hidden, nobody, join(directory, 'copies'))))
  assert.ok(usable !== undefined)
  assert.deepEqual(usable, same)
  assert.notEqual(usable.directory, hidden.directory)
  const { stdout } = await promisify(execFile)(program(usable, 'postgres'), ['--version'], { ...nobody, env: {} })
  assert.ok(stdout.includes(` ${installed.version}`), stdout)
})
