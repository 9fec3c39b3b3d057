import { mkdir, mkdtemp, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../../kernel/error-code.ts'

/**
 * Makes the data directory, and what is missing above it. Not with Node's `recursive`: where a parent exists but takes no
 * directories, as in /proc, Node's loop never ends, and keeps the process from ending as well.
 */
export const makeDataDirectory = async (path: string): Promise<void> => {
  try {
    if (await makes(path)) return
    if (dirname(path) !== path) await makeDataDirectory(dirname(path))
    if (await makes(path)) return
  } catch (error) {
    throw error instanceof UnusableDirectory ? error : new UnusableDirectory(path, 'created', error)
  }
  throw new UnusableDirectory(path, 'created')
}

/** False where the parent is missing, or takes no directories. */
const makes = async (path: string): Promise<boolean> => {
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return true
    throw error
  }
}

/** A new directory whose path begins with `prefix`, inside the data directory. */
export const makeInDataDirectory = async (prefix: string): Promise<string> => {
  try {
    return await mkdtemp(prefix)
  } catch (cause) {
    throw new UnusableDirectory(dirname(prefix), 'written to', cause)
  }
}

class UnusableDirectory extends Error {
  constructor(path: string, how: 'created' | 'written to', cause?: unknown) {
    const code = codeOf(cause)
    const why = code === undefined ? '' : ` (${code})`
    const remedy = 'Set NARU_DATA_DIR to one that the user who runs Naru can write to.'
    super(
      code === 'EEXIST'
        ? `${path} is a file, not a directory. ${remedy}`
        : `The directory ${path} cannot be ${how}${why}. ${remedy}`,
      { cause },
    )
  }
}
