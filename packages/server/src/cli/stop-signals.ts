import process from 'node:process'
import { second } from '../kernel/clock.ts'

/** The requests to stop this process. */
export type StopSignals = Disposable & {
  /** Aborted by the first signal. Its reason is a `StopRequest`. */
  readonly stop: AbortSignal
  /** Aborted by a deliberate second signal: its sender does not want to wait for requests under way. */
  readonly hurry: AbortSignal
}

export class StopRequest extends Error {}

/**
 * One request to stop may arrive as several signals: npm and pnpm pass on the Ctrl+C that the terminal has sent to every
 * process anyway, and `timeout` signals the whole process group. Only a signal this much later is a second request.
 */
const repetitionTime = 2 * second

/**
 * Handles the signals that would otherwise end the process at once: Ctrl+C and Ctrl+\\, `kill`, and the terminal being closed. Also
 * notices when the npm that runs us was killed, since it then passes no signal on.
 */
export const listenForStop = (): StopSignals => {
  const [stop, hurry] = [new AbortController(), new AbortController()]
  let isRepetition = false
  const receive = (what: string): void => {
    if (isRepetition) return
    isRepetition = true
    setTimeout(() => {
      isRepetition = false
    }, repetitionTime).unref()
    const controller = stop.signal.aborted ? hurry : stop
    controller.abort(new StopRequest(what))
  }
  for (const signal of signals) process.on(signal, receive)
  // The parent process, which had a channel to this one, ended without a signal.
  const onDisconnect = (): void => receive('The program that started Naru is gone')
  process.on('disconnect', onDisconnect)
  const parent = isRunByNpm() ? watchParent(() => receive('The npm that started Naru is gone')) : undefined
  return {
    stop: stop.signal,
    hurry: hurry.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, receive)
      process.off('disconnect', onDisconnect)
      clearInterval(parent)
    },
  }
}

const signals = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const

/**
 * By npx, or by this repository's scripts, which run Naru in the foreground. Others' scripts may run it in the background.
 */
const isRunByNpm = (): boolean =>
  process.env.npm_package_name === 'naru-workspace' || process.env.npm_lifecycle_event === 'npx'

const watchParent = (onGone: () => void): NodeJS.Timeout => {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, second)
  return timer.unref()
}
