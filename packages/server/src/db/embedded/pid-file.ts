import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from './place.ts'
import { socketIn } from './socket.ts'

export type PidFile = { readonly pid: number; readonly socketDirectory: string; readonly status: string }

/** PostgreSQL's own note of itself: one fact a line, in an order that its documentation fixes. */
export const readPidFile = async ({ directory }: Place): Promise<PidFile | undefined> => {
  const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, socketDirectory: lines[4]?.trim() ?? '', status: lines[7]?.trim() ?? 'starting' }
}

/** Whose socket it is: PostgreSQL notes its process beside it. */
export const readSocketOwner = async (socketDirectory: string): Promise<number | undefined> => {
  const note = await readFile(`${socketIn(socketDirectory)}.lock`, 'utf8').catch(() => '')
  const pid = Number(note.split('\n')[0])
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}
