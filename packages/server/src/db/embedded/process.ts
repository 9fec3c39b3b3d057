import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { codeOf } from '../../kernel/error-code.ts'

/**
 * What runs under a process number that was noted earlier: PostgreSQL, nothing any more, or a stranger who was given
 * the number since.
 */
export const processKind = async (pid: number): Promise<'postgres' | 'gone' | 'other'> => {
  if (!isThere(pid)) return 'gone'
  const name = process.platform === 'linux' ? await linuxName(pid) : await otherName(pid)
  if (name === undefined) return 'gone'
  return name.startsWith('postgres') ? 'postgres' : 'other'
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and not ours.
    return codeOf(error) === 'EPERM'
  }
}

/** Read from /proc, since small images have no `ps`. A zombie, which its parent never collected, counts as gone. */
const linuxName = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [, name, state] = /^\d+ \((.*)\) (\S)/.exec(stat) ?? []
  return state === 'Z' || state === 'X' ? undefined : name
}

const otherName = async (pid: number): Promise<string | undefined> => {
  const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'comm=']).catch(() => ({ stdout: '' }))
  return stdout.trim() === '' ? undefined : basename(stdout.trim())
}
