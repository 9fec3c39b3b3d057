import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../kernel/error-code.ts'
import { randomBase64, randomToken } from '../kernel/ids.ts'
import type { KnownSecrets } from './known-secrets.ts'
import { SetupError } from './setup-error.ts'

/** Where scripts find the credentials of the first sandbox store of an embedded database, readable by their owner only. */
export const credentialsFile = (dataDirectory: string): string => join(dataDirectory, 'credentials.json')

/** Appears whole or not at all. */
export const writeCredentials = async (dataDirectory: string, credentials: object): Promise<void> => {
  await mkdir(dataDirectory, { recursive: true })
  const file = credentialsFile(dataDirectory)
  const draft = `${file}.${randomToken(6)}`
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, file)
}

/**
 * The secrets that the file holds; those that it lacks are made and written into it, before anything depends on them: the
 * database keeps only a digest of an API secret, so that a start that dies in between would leave one that nobody knows.
 */
export const prepareSecrets = async (dataDirectory: string): Promise<KnownSecrets> => {
  const kept = await readCredentials(dataDirectory)
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(kept, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const secrets = {
    apiSecret: text('apiSecret') ?? randomToken(48),
    webhookSecret: text('webhookSecret') ?? `whsec_${randomBase64(32)}`,
  }
  await writeCredentials(dataDirectory, { ...kept, ...secrets })
  return secrets
}

const readCredentials = async (dataDirectory: string): Promise<object> => {
  const file = credentialsFile(dataDirectory)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '{}'
    throw error
  })
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null) return content
  } catch {
    // Said below, with what to do.
  }
  throw new SetupError(
    `${file} does not contain a JSON object. Correct or delete it: the next start then writes it again, with a new API secret.`,
  )
}
