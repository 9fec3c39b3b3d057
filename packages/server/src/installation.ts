import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Configuration } from './configuration.ts'
import type { Sql } from './db/connect.ts'
import { createEncryption, type Encryption, newEncryptionKey, readEncryptionKey } from './kernel/encryption.ts'
import { codeOf } from './kernel/error-code.ts'
import { randomToken } from './kernel/ids.ts'

/**
 * The encryption of this installation: with the key from the environment, else with the one in the data directory,
 * which is made on the first start. A key other than the one the database was filled with is refused.
 */
export const loadEncryption = async (sql: Sql, configuration: Configuration): Promise<Encryption> => {
  const { encryptionKey, dataDirectory } = configuration
  const key = encryptionKey === undefined ? await keyInDirectory(dataDirectory) : readEncryptionKey(encryptionKey)
  if (key === undefined) throw new Error('The encryption key is not 32 bytes in base64 or hex.')
  const encryption = createEncryption(key)
  await sql`
    insert into installation (name, value) values ('encryption key fingerprint', ${encryption.fingerprint})
    on conflict (name) do nothing`
  const [known] = await sql<
    [{ value: string }]
  >`select value from installation where name = 'encryption key fingerprint'`
  if (known.value === encryption.fingerprint) return encryption
  throw new Error(
    'The encryption key is not the one that this database was set up with, so its secrets cannot be read. ' +
      'Set NARU_ENCRYPTION_KEY to the former key.',
  )
}

const keyInDirectory = async (dataDirectory: string): Promise<Buffer | undefined> => {
  const file = join(dataDirectory, 'encryption.key')
  const draft = `${file}.${randomToken(6)}`
  await writeFile(draft, `${newEncryptionKey().toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  // A link appears whole and never over an existing key: everything encrypted with that would be lost.
  await link(draft, file).catch(passOverExisting)
  await unlink(draft)
  return readEncryptionKey((await readFile(file, 'utf8')).trim())
}

const passOverExisting = (error: unknown): void => {
  if (codeOf(error) !== 'EEXIST') throw error
}
