import { chown, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The operating-system account that the database's processes and files belong to. */
export type Account = { readonly uid: number; readonly gid: number }

const nobody: Account = { uid: 65_534, gid: 65_534 }

/**
 * PostgreSQL refuses to run as root. Started as root we hand it to the owner of the cluster where one exists, else to
 * "nobody": a number is enough, so no operating-system user is created. `undefined` means: as ourselves.
 */
export const accountFor = async (cluster: string): Promise<Account | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(cluster).catch(() => undefined)
  return owner === undefined || owner.uid === 0 ? nobody : { uid: owner.uid, gid: owner.gid }
}

export const giveTo = async (account: Account | undefined, path: string): Promise<void> => {
  if (account !== undefined) await chown(path, account.uid, account.gid)
}

/**
 * The first part of `path`, from the root downwards, that the account may not enter (or, for a program, run), if any.
 * Modes are read rather than tried out, because trying would cost a process at every start.
 */
export const obstacleFor = async (account: Account | undefined, path: string): Promise<string | undefined> => {
  if (account === undefined) return undefined
  const parts: string[] = []
  for (let part = path; part !== parts[0]; part = dirname(part)) parts.unshift(part)
  for (const part of parts) if (!(await mayEnter(account, part))) return part
  return undefined
}

const mayEnter = async (account: Account, path: string): Promise<boolean> => {
  const { uid, gid, mode } = await stat(path)
  const granted = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode
  return (granted & 1) === 1
}
