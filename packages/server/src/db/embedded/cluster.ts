import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type Account, accountFor, giveTo, obstacleFor } from './account.ts'
import { installedBinaries, usableBinaries } from './binaries.ts'
import { makeDataDirectory, makeInDataDirectory } from './data-directory.ts'
import { initialize } from './initdb.ts'
import { stopOrphan } from './orphan.ts'
import type { Cluster } from './place.ts'

type Report = (message: string) => void

/** Where things go that the account cannot reach where they belong. */
const systemDirectory = '/var/lib/naru'

/** Finds the data directory's cluster, or makes a new one. Several processes may do so at once. */
export const prepareCluster = async (
  dataDirectory: string,
  report: Report,
  signal?: AbortSignal | undefined,
): Promise<Cluster> => {
  const data = await realPathOf(dataDirectory)
  const place = join(data, 'postgres')
  const account = await accountFor(place)
  // Before anything is made: what runs on a database that is gone from here is stopped, or refuses this start.
  if (!(await hasVersion(place))) await stopOrphan({ directory: place, place, account }, report)
  await makeDataDirectory(dataDirectory)
  const directory = await locate(data, account, report)
  const copies = account === undefined ? data : systemDirectory
  const binaries = await usableBinaries(await installedBinaries(), account, copies)
  const cluster = { directory, place, account, binaries }
  if (!(await exists(cluster))) {
    report(`Creating a database in ${directory}`)
    await create(cluster, signal)
    // In a project of one's own, `git add .` would take the keys and the database.
    await writeFile(join(data, '.gitignore'), '*\n')
  }
  await checkVersion(cluster)
  return cluster
}

/** Also of a directory that is still to be made. */
const realPathOf = async (path: string): Promise<string> => {
  const absolute = resolve(path)
  const real = await realpath(absolute).catch(() => undefined)
  if (real !== undefined || dirname(absolute) === absolute) return real ?? absolute
  return join(await realPathOf(dirname(absolute)), basename(absolute))
}

/**
 * The cluster is `postgres` inside the data directory. Where the account cannot get there (root, with the data
 * directory below /root) it lies in the system's place for such data, and `postgres` is a link to it: the link, not a
 * name computed from the path, says which one, so a data directory that was deleted and made again starts afresh.
 */
const locate = async (data: string, account: Account | undefined, report: Report): Promise<string> => {
  const place = join(data, 'postgres')
  const existing = await lstat(place).catch(() => undefined)
  if (existing?.isSymbolicLink()) return readlink(place)
  // Everything secret in the data directory has a mode of its own, so entering it may be allowed to others.
  if (account !== undefined) await chmod(data, (await stat(data)).mode | 0o011)
  const obstacle = await obstacleFor(account, data)
  if (obstacle === undefined) return place
  if (existing !== undefined) {
    throw new Error(
      `PostgreSQL cannot run as root, and its account cannot enter ${obstacle}. Run: chmod o+x ${obstacle}`,
    )
  }
  await mkdir(systemDirectory, { recursive: true, mode: 0o755 })
  const home = await mkdtemp(join(systemDirectory, 'data-'))
  await chmod(home, 0o711)
  const target = join(home, 'postgres')
  try {
    await symlink(target, place)
  } catch {
    await rm(home, { recursive: true })
    return readlink(place)
  }
  report(
    `PostgreSQL cannot run as root, and its account cannot enter ${obstacle}. The database is in ${target} instead.`,
  )
  return target
}

/** Whether a start has made a database in this data directory. */
export const hasCluster = (dataDirectory: string): Promise<boolean> => hasVersion(join(dataDirectory, 'postgres'))

const exists = (cluster: Cluster): Promise<boolean> => hasVersion(cluster.directory)

const hasVersion = async (directory: string): Promise<boolean> =>
  (await lstat(join(directory, 'PG_VERSION')).catch(() => undefined)) !== undefined

/**
 * `initdb` works in a directory beside, which is renamed when it is whole: a crash half-way leaves no half-made
 * cluster behind, and of two first starts at once one wins and the other uses what it made.
 */
const create = async (cluster: Cluster, signal: AbortSignal | undefined): Promise<void> => {
  const unfinished = `${cluster.directory}-unfinished-`
  const temporary = await makeInDataDirectory(unfinished)
  try {
    await giveTo(cluster.account, temporary)
    await initialize(cluster, temporary, signal)
    await rename(temporary, cluster.directory)
  } catch (error) {
    await rm(temporary, insistently)
    if (!(await exists(cluster))) throw error
    return
  }
  // What interrupted first starts left. One that is still at it fails, and finds this cluster.
  for (const name of await readdir(dirname(cluster.directory))) {
    const leftover = join(dirname(cluster.directory), name)
    if (leftover.startsWith(unfinished)) await rm(leftover, insistently)
  }
}

/** Somebody may still be writing there, until they find that what they wrote is gone. */
const insistently = { recursive: true, force: true, maxRetries: 20 }

const checkVersion = async (cluster: Cluster): Promise<void> => {
  const made = (await readFile(join(cluster.directory, 'PG_VERSION'), 'utf8')).trim()
  const ours = cluster.binaries.version.split('.')[0]
  if (made === ours) return
  throw new Error(
    `${cluster.directory} was created by PostgreSQL ${made}, but this Naru includes ${ours}. Start the Naru that created it, ` +
      'export the data with pg_dump, and import it into a new data directory.',
  )
}
