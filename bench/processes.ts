import { readdir, readFile } from 'node:fs/promises'

type Process = { readonly pid: string; readonly parent: string; readonly milliseconds: number }

/**
 * Milliseconds of CPU that the PostgreSQL of a data directory has used: the postmaster, its living backends, and those that
 * ended. A kernel's tick is 10 ms on every Linux of today.
 */
export const cpuOfPostgres = async (directory: string): Promise<number> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((entry) => /^\d+$/.test(entry))
  const found = (await Promise.all(pids.map(postgresProcess))).filter((one) => one !== undefined)
  const commands = await Promise.all(found.map(({ pid }) => read(pid, 'cmdline')))
  const postmaster = found.find((_, index) => commands[index]?.includes(directory))
  const ours = found.filter(({ pid, parent }) => pid === postmaster?.pid || parent === postmaster?.pid)
  return ours.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
}

const postgresProcess = async (pid: string): Promise<Process | undefined> => {
  const text = await read(pid, 'stat')
  if (!text.includes('(postgres)')) return undefined
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // User and system time, and that of children that were waited for.
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
  return { pid, parent: fields[1] ?? '', milliseconds: ticks * 10 }
}

/** Empty where the process has ended meanwhile. */
const read = (pid: string, file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
