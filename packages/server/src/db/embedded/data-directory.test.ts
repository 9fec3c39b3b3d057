import assert from 'node:assert/strict'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { makeDataDirectory, makeInDataDirectory } from './data-directory.ts'

test('the data directory is made with what is missing above it, by several at once, for its owner alone', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-data-'))
  context.after(() => rm(directory, { recursive: true }))
  const path = join(directory, 'a', 'b')
  await Promise.all(Array.from({ length: 5 }, () => makeDataDirectory(path)))
  assert.equal((await stat(path)).mode & 0o777, 0o700)
})

test('a path that leads through a file is refused by name', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-data-'))
  context.after(() => rm(directory, { recursive: true }))
  const file = join(directory, 'file')
  await writeFile(file, '')
  await assert.rejects(makeDataDirectory(file), { message: new RegExp(`${file} is a file, not a directory`) })
  await assert.rejects(makeDataDirectory(join(file, 'a', 'b')), /cannot be created \(ENOTDIR\)/)
})

test('a data directory that may not be written to is refused by name', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-data-'))
  context.after(() => rm(directory, { recursive: true }))
  await chmod(directory, 0o555)
  // Root may write anywhere.
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(nobody)
  try {
    await assert.rejects(makeInDataDirectory(join(directory, 'postgres-unfinished-')), {
      message: `The directory ${directory} cannot be written to (EACCES). Set NARU_DATA_DIR to one that the user who runs Naru can write to.`,
    })
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})

const nobody = 65_534

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux has /proc' }

test('a parent that exists and takes no directories is refused, instead of being tried for ever', onLinux, async () => {
  await assert.rejects(makeDataDirectory('/proc/naru'), /\/proc\/naru cannot be created\. Set NARU_DATA_DIR/)
  await assert.rejects(makeDataDirectory('/proc/naru/data'), /\/proc\/naru cannot be created\. Set NARU_DATA_DIR/)
})
