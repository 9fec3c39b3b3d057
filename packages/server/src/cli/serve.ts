import { mkdir, readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Configuration } from '../configuration.ts'
import { credentialsFile, type SandboxCredentials, writeCredentials } from '../merchants/bootstrap.ts'
import { startServer } from '../server.ts'
import { banner } from './banner.ts'

/** Runs the server until it is told to stop, and then finishes the requests under way. */
export const serve = async (configuration: Configuration, log: Logger): Promise<void> => {
  await mkdir(configuration.dataDirectory, { recursive: true })
  const server = await startServer(configuration, { log })
  const credentials = await completeCredentials(configuration, server.sandbox)
  await writeCredentials(configuration.dataDirectory, credentials)
  process.stdout.write(banner(configuration.publicUrl ?? server.url, credentials))
  const stop = (signal: NodeJS.Signals) => {
    log.info(`${signal}: finishing what is under way`)
    const tooLong = setTimeout(() => {
      log.error('requests under way did not finish in 30 s; stopping all the same')
      process.exit(1)
    }, 30_000)
    tooLong.unref()
    server.close().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** Secrets are stored as digests; the file from the first start still has them in full. */
const completeCredentials = async (
  { dataDirectory }: Configuration,
  made: SandboxCredentials,
): Promise<SandboxCredentials> => {
  const known = await readFile(credentialsFile(dataDirectory), 'utf8').then(JSON.parse, () => ({}))
  const isSame = Object(known).storeId === made.storeId
  const text = (name: 'apiSecret' | 'webhookSecret') => {
    const kept: unknown = isSame ? Object(known)[name] : undefined
    return made[name] ?? (typeof kept === 'string' ? kept : undefined)
  }
  return { ...made, apiSecret: text('apiSecret'), webhookSecret: text('webhookSecret') }
}
