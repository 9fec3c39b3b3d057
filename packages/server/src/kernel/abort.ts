import { once } from 'node:events'

/** Resolves when the signal is aborted, at once where it has been. */
export const aborted = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort')
}

/** The task's result; or rejects with the signal's reason once it is aborted, although the task itself goes on. */
export const unlessAborted = async <Result>(signal: AbortSignal, task: Promise<Result>): Promise<Result> => {
  const calledOff = Promise.withResolvers<never>()
  const reject = () => calledOff.reject(signal.reason)
  signal.addEventListener('abort', reject)
  if (signal.aborted) reject()
  try {
    return await Promise.race([task, calledOff.promise])
  } finally {
    signal.removeEventListener('abort', reject)
    // Of a task that is left to itself nobody wants to hear any more.
    task.catch(() => undefined)
  }
}
