import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { credentialsFile, prepareSecrets, writeCredentials } from './credentials-file.ts'
import { SetupError } from './setup-error.ts'

const temporaryDirectory = async (context: TestContext): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'naru-credentials-'))
  context.after(() => rm(directory, { recursive: true }))
  return directory
}

test('the credentials are kept whole, for their owner alone', async (context) => {
  const directory = await temporaryDirectory(context)
  const credentials = { url: 'http://127.0.0.1:1', apiSecret: 'secret', channelKey: 'key', webhookSecret: 'whsec_' }
  await writeCredentials(directory, { ...credentials, apiSecret: 'a longer one, which was there before' })
  await writeCredentials(directory, credentials)
  assert.deepEqual(JSON.parse(await readFile(credentialsFile(directory), 'utf8')), credentials)
  assert.equal((await stat(credentialsFile(directory))).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(directory), ['credentials.json'])
})

test('secrets are in the file before anybody depends on them, and stay the same', async (context) => {
  const directory = join(await temporaryDirectory(context), 'new')
  const made = await prepareSecrets(directory)
  assert.deepEqual(JSON.parse(await readFile(credentialsFile(directory), 'utf8')), made)
  assert.deepEqual(await prepareSecrets(directory), made)
})

test('a file that cannot be read is named, with what to do, and left as it is', async (context) => {
  const directory = await temporaryDirectory(context)
  for (const content of ['{"apiSecret": "half', '', 'null']) {
    await writeFile(credentialsFile(directory), content)
    await assert.rejects(
      prepareSecrets(directory),
      (error: unknown) => error instanceof SetupError && /credentials\.json .*delete it/.test(error.message),
    )
    assert.equal(await readFile(credentialsFile(directory), 'utf8'), content)
  }
})
