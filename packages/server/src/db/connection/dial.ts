import { connect, type Socket } from 'node:net'
import { codeOf } from '../../kernel/error-code.ts'
import { isPassing } from '../passing.ts'
import type { Target } from './address.ts'
import { occurrence } from './occurrence.ts'
import { prepareTls, type Secure } from './tls.ts'
import type { TlsSettings } from './tls-settings.ts'

export type Dialling = {
  readonly targets: readonly Target[]
  readonly tls: TlsSettings | undefined
  /** In milliseconds, for all targets together. */
  readonly limit: number
  /** After so many milliseconds without a word it is asked whether the other end is still there. */
  readonly keepAliveAfter: number
}

export type Dialled = { readonly target: Target; readonly wire: Socket }

/**
 * Opens a connection to the first of the targets that can be reached, encrypted where it is to be. Rejects with what was
 * wrong with each of them.
 */
export const dial = async (dialling: Dialling, signal: AbortSignal): Promise<Dialled> => {
  const { targets, limit } = dialling
  const failures: unknown[] = []
  for (const target of targets) {
    try {
      // One that does not answer must leave time for those after it.
      return { target, wire: await reach(target, { ...dialling, limit: limit / targets.length }, signal) }
    } catch (error) {
      if (signal.aborted) throw error
      failures.push(error)
    }
  }
  throw failures.length === 1 ? failures[0] : together(failures)
}

const reach = async (
  target: Target,
  { tls, limit, keepAliveAfter }: Dialling,
  signal: AbortSignal,
): Promise<Socket> => {
  const secure = tls === undefined ? notSecured : await prepareTls(tls)
  signal.throwIfAborted()
  const socket = connect({ ...target, keepAlive: true, keepAliveInitialDelay: keepAliveAfter })
  socket.on('error', () => {})
  const stopped = Promise.withResolvers<never>()
  const giveUp = () => stopped.reject(outOfTime(target, limit))
  const timer = setTimeout(giveUp, limit)
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([opened(socket, target, secure), stopped.promise])
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}

/** On a Unix socket. */
const notSecured: Secure = async (socket) => socket

const opened = async (socket: Socket, target: Target, secure: Secure): Promise<Socket> => {
  const name = 'host' in target ? target.host : target.path
  await occurrence(socket, 'connect', name)
  return await secure(socket, name)
}

const outOfTime = (target: Target, limit: number): Error => {
  const name = 'path' in target ? target.path : `${target.host}:${target.port}`
  return Object.assign(new Error(`The database server ${name} did not answer within ${limit / 1_000} s.`), {
    code: 'ETIMEDOUT',
  })
}

/** As long as one of them may pass, the whole may. */
const together = (failures: readonly unknown[]): Error => {
  const message = failures.map((failure) => (failure instanceof Error && failure.message) || String(failure)).join(' ')
  const decisive = failures.find(isPassing) ?? failures[0]
  return Object.assign(new Error(`Could not connect to any of the database servers. ${message}`, { cause: failures }), {
    code: codeOf(decisive),
  })
}
