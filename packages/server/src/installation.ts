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
  const file = encryptionKey === undefined ? keyFile(dataDirectory) : undefined
  const key = readEncryptionKey(encryptionKey ?? (await keyInFile(sql, keyFile(dataDirectory))))
  if (key === undefined)
    throw new Error(
      `The encryption key${file ? ` in ${file}` : ''} is not 32 bytes in base64 or hex.${broughtBack(file)}`,
    )
  const encryption = createEncryption(key)
  await sql`
    insert into installation (name, value) values ('encryption key fingerprint', ${encryption.fingerprint})
    on conflict (name) do nothing`
  if ((await knownFingerprint(sql)) === encryption.fingerprint) return encryption
  throw new Error(`${otherKey}${broughtBack(file)}`)
}

/** Why the server would not start with the key that is set; makes none. */
export const encryptionKeyProblem = async (
  sql: Sql,
  { encryptionKey, dataDirectory }: Configuration,
): Promise<string | undefined> => {
  const known = await knownFingerprint(sql)
  const text = encryptionKey ?? (await readFile(keyFile(dataDirectory), 'utf8').catch(() => undefined))
  if (known === undefined) return undefined
  if (text === undefined) return noKey
  const key = readEncryptionKey(text.trim())
  return key !== undefined && createEncryption(key).fingerprint === known ? undefined : otherKey
}

const noKey = 'The encryption key that this database was set up with is not there.'

const otherKey = 'The encryption key is not the one that this database was set up with, so its secrets cannot be read.'

const knownFingerprint = async (sql: Sql): Promise<string | undefined> => {
  const [known] = await sql<{ value: string }[]>`
    select value from installation where name = 'encryption key fingerprint'`
  return known?.value
}

const keyFile = (dataDirectory: string): string => join(dataDirectory, 'encryption.key')

const broughtBack = (file: string | undefined): string =>
  file
    ? ` Bring back ${file}, or set NARU_ENCRYPTION_KEY to the former key.`
    : ' Set NARU_ENCRYPTION_KEY to the former key.'

/** The key that is there, or a new one; where a database was set up, a new one could read nothing, and would be taken for the former. */
const keyInFile = async (sql: Sql, file: string): Promise<string> => {
  // In this order: another first start writes the file before the fingerprint.
  const isSetUp = (await knownFingerprint(sql)) !== undefined
  const text = await readIfThere(file)
  if (text !== undefined) return text.trim()
  if (isSetUp) throw new Error(`${noKey}${broughtBack(file)}`)
  const draft = `${file}.${randomToken(6)}`
  await writeFile(draft, `${newEncryptionKey().toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  // A link appears whole and never over an existing key: everything encrypted with that would be lost.
  await link(draft, file).catch(passOverExisting)
  await unlink(draft)
  return (await readFile(file, 'utf8')).trim()
}

const readIfThere = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const passOverExisting = (error: unknown): void => {
  if (codeOf(error) !== 'EEXIST') throw error
}
