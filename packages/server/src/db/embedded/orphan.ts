import { isServed } from './claim.ts'
import { readPidFile, readSocketOwner } from './pid-file.ts'
import type { Place } from './place.ts'
import { processKind } from './process.ts'
import { becomes, socketDirectoryOf, urlOf } from './socket.ts'

/**
 * Stops a PostgreSQL whose data directory was deleted, or moved away, under it: it holds the socket that belongs to this
 * place, and would notice only after up to a minute.
 */
export const stopOrphan = async (place: Place, report: (message: string) => void): Promise<void> => {
  const socketDirectory = await socketDirectoryOf(place)
  const pid = await orphan(place, socketDirectory)
  if (pid === undefined) return
  if (await isServed(urlOf(socketDirectory)).catch(() => false))
    throw new Error(
      `Another Naru is still running, and its data directory was deleted or moved away from ${place.place}. Stop it first.`,
    )
  report(`PostgreSQL is still running on a data directory that was deleted from ${place.place}; stopping it`)
  // "Immediate": there is nothing to save, and what was only moved away recovers at its next start.
  process.kill(pid, 'SIGQUIT')
  await becomes(10, async () => (await processKind(pid)) !== 'postgres')
}

/**
 * A PostgreSQL writes its number into its data directory before it takes the socket, and takes it out after it has let
 * go of the socket. Whoever holds the socket and is not named there runs on another directory.
 */
const orphan = async (place: Place, socketDirectory: string): Promise<number | undefined> => {
  const pid = await readSocketOwner(socketDirectory)
  if (pid === undefined || (await processKind(pid)) !== 'postgres') return undefined
  if ((await readPidFile(place))?.pid === pid) return undefined
  return (await readSocketOwner(socketDirectory)) === pid ? pid : undefined
}
