import process from 'node:process'
import { second } from '../kernel/clock.ts'

/** What asks this process to end, and how urgently. */
export type StopSignals = Disposable & {
  /** Aborted by the first signal. Its reason is a `StopRequest`. */
  readonly stop: AbortSignal
  /** Aborted by a deliberate second one: whoever sent it does not want to wait for what is under way. */
  readonly hurry: AbortSignal
}

export class StopRequest extends Error {}

/**
 * One wish to stop arrives as several signals: npm and pnpm pass on the Ctrl+C that the terminal has sent to every
 * process anyway, and `timeout` signals a whole process group. Only what comes this much later is a second wish.
 */
const repetitionTime = 2 * second

/**
 * Takes over the signals that would otherwise end the process at once: Ctrl+C, `kill`, and the terminal being closed.
 * Also notices that the npm which runs us is gone without a word: killed, it cannot pass anything on.
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
  // Who started us as a child with a channel, and ended without a word.
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

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * By npx, or by the scripts of this repository, which run it in the foreground; another's script may put it in the
 * background.
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
