import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** The program that listens on the port, such as `node (process 1234)`; `undefined` if it cannot be found out. */
export const portHolder = async (port: number): Promise<string | undefined> => {
  const pid = await (process.platform === 'linux' ? linuxHolder(port) : otherHolder(port)).catch(() => undefined)
  if (pid === undefined) return undefined
  // Not the process's name, which Node sets to that of its main thread.
  const { stdout } = await promisify(execFile)('ps', ['-p', pid, '-o', 'args=']).catch(() => ({ stdout: '' }))
  const [program = '', script = ''] = stdout.trim().split(/\s+/)
  const name = basename(program)
  const what = name === 'node' && !script.startsWith('-') ? `${name} ${basename(script)}`.trim() : name
  return `${what || 'a program'} (process ${pid})`
}

/** Reads /proc, since small images have no `lsof`. Sockets of other accounts' processes are not visible. */
const linuxHolder = async (port: number): Promise<string | undefined> => {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')))
  const sockets = tables
    .flatMap((table) => table.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening && fields[1]?.endsWith(`:${hexadecimal(port)}`))
    .map((fields) => `socket:[${fields[9]}]`)
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => []))
      if (sockets.includes(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => ''))) return pid
  return undefined
}

/** The kernel's number for the state LISTEN. */
const listening = '0A'

const hexadecimal = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

const otherHolder = async (port: number): Promise<string | undefined> => {
  const { stdout } = await promisify(execFile)('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'])
  return stdout.split('\n')[0] || undefined
}
