import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestDatabase } from '../test/support/database.ts'
import { readConfiguration } from './configuration.ts'
import { loadEncryption } from './installation.ts'
import { newEncryptionKey } from './kernel/encryption.ts'

const start = async () => {
  const database = await createTestDatabase()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'naru-test-'))
  return {
    dataDirectory,
    load: (environment: Record<string, string> = {}) =>
      loadEncryption(database.sql, readConfiguration({ NARU_DATA_DIR: dataDirectory, ...environment })),
    [Symbol.asyncDispose]: async () => {
      await rm(dataDirectory, { recursive: true })
      await database[Symbol.asyncDispose]()
    },
  }
}

test('without a key, one is made and kept for its owner alone', async () => {
  await using fixture = await start()
  const made = await Promise.all([fixture.load(), fixture.load(), fixture.load()])
  const file = join(fixture.dataDirectory, 'encryption.key')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const sealed = made[0].encrypt('secret', 'test')
  for (const encryption of [...made, await fixture.load()]) assert.equal(encryption.decrypt(sealed, 'test'), 'secret')
  const key = (await readFile(file, 'utf8')).trim()
  assert.equal((await fixture.load({ NARU_ENCRYPTION_KEY: key })).decrypt(sealed, 'test'), 'secret')
})

test('another key than the one that the database was set up with is refused', async () => {
  await using fixture = await start()
  const key = newEncryptionKey()
  await fixture.load({ NARU_ENCRYPTION_KEY: key.toString('base64') })
  await fixture.load({ NARU_ENCRYPTION_KEY: key.toString('hex') })
  const other = newEncryptionKey().toString('base64')
  await assert.rejects(fixture.load({ NARU_ENCRYPTION_KEY: other }), (error: Error) => {
    assert.match(error.message, /NARU_ENCRYPTION_KEY/)
    assert.ok(!error.message.includes(other))
    return true
  })
})

test('a key that is lost or damaged is asked for by its file, and no other is put in its place', async () => {
  await using fixture = await start()
  await fixture.load()
  const file = join(fixture.dataDirectory, 'encryption.key')
  const key = await readFile(file, 'utf8')
  await rm(file)
  await assert.rejects(fixture.load(), { message: new RegExp(`is not there\\. Bring back ${file}, or set NARU_`) })
  assert.deepEqual(await readdir(fixture.dataDirectory), [])
  await writeFile(file, 'garbage')
  await assert.rejects(fixture.load(), { message: new RegExp(`in ${file} is not 32 bytes .* Bring back ${file}`) })
  await writeFile(file, newEncryptionKey().toString('base64'))
  await assert.rejects(fixture.load(), { message: new RegExp(`is not the one .* Bring back ${file}`) })
  await writeFile(file, key)
  await fixture.load()
})
