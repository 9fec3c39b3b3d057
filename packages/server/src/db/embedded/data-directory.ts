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
    throw unusable(path, error)
  }
  throw unusable(path)
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
    const why = codeOf(cause) ?? String(cause)
    throw new Error(
      `The directory ${dirname(prefix)} cannot be written to (${why}). Set NARU_DATA_DIR to one that can, or make this one ` +
        'writable for the user that runs Naru.',
      { cause },
    )
  }
}

const unusable = (path: string, cause?: unknown): Error =>
  cause instanceof UnusableDirectory ? cause : new UnusableDirectory(path, cause)

class UnusableDirectory extends Error {
  constructor(path: string, cause: unknown) {
    const code = codeOf(cause)
    const why = code === undefined ? '' : ` (${code})`
    super(`The directory ${path} cannot be created${why}. Set NARU_DATA_DIR to one that can.`, { cause })
  }
}
