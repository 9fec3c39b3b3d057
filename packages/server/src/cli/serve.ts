import type { Logger } from 'pino'
import type { Configuration } from '../configuration.ts'
import { aborted } from '../kernel/abort.ts'
import { writeCredentials } from '../merchants/credentials-file.ts'
import { type RunningServer, startServer } from '../server.ts'
import { banner } from './banner.ts'
import type { StopSignals } from './stop-signals.ts'

/** Runs the server until it is told to stop, then finishes the requests in progress and releases everything. */
export const serve = async (configuration: Configuration, log: Logger, { stop, hurry }: StopSignals): Promise<void> => {
  const server = await start(configuration, log, stop)
  if (server === undefined) return
  await aborted(stop)
  log.info(`${reasonOf(stop)}: finishing requests under way; another signal, 2 s from now or later, gives them up`)
  hurry.addEventListener('abort', () => log.warn(`${reasonOf(hurry)} again: giving up requests under way`))
  await server.close(hurry)
  log.info('stopped')
}

/** The running server; `undefined` if it was told to stop before it was ready. */
const start = async (
  configuration: Configuration,
  log: Logger,
  stop: AbortSignal,
): Promise<RunningServer | undefined> => {
  try {
    const server = await startServer(configuration, { log, signal: stop })
    const url = configuration.publicUrl ?? server.url
    // The file belongs to the embedded database and says nothing of others.
    if (configuration.databaseUrl === undefined)
      await writeCredentials(configuration.dataDirectory, { url, ...server.sandbox })
    process.stdout.write(banner(url, server.sandbox))
    // A parent process with a channel, such as a test, need not read the banner.
    process.send?.({ url })
    return server
  } catch (error) {
    if (error !== stop.reason) throw error
    log.info(`${reasonOf(stop)}: stopped before it was ready`)
    return undefined
  }
}

const reasonOf = ({ reason }: AbortSignal): string => (reason instanceof Error ? reason.message : String(reason))
