import type { Logger } from 'pino'
import { codeOf } from '../kernel/error-code.ts'
import { isPassing } from './passing.ts'
import { textOf, troubleOf } from './trouble.ts'

export type OutageLog = {
  readonly log: Logger
  stop(): void
}

/**
 * A log that says once what is wrong with the database as a whole, and once that it is over. What fails because of it meanwhile,
 * which may be every request and a look of the loop each second, is told without a stack: at "info" where it names a request, since
 * the answer names that too, otherwise at "debug".
 *
 * @param problem what is wrong with the database now, if anything
 * @param interval in milliseconds: an outage is over when nothing failed for so long and there is no problem
 */
export const outageLog = (log: Logger, problem: () => Promise<string | undefined>, interval = 3_000): OutageLog => {
  const outage = new Outage(log, problem, interval)
  const calmly =
    (level: 'error' | 'warn') =>
    (...[fields, text]: [fields: unknown, text?: string]): void => {
      const error = errorIn(fields)
      const what = error && wholeTrouble(error)
      if (error === undefined || what === undefined) log[level](fields, text)
      else {
        outage.tell(level, what, error)
        const lower = 'requestId' in Object(fields) ? 'info' : 'debug'
        log[lower]({ ...Object(fields), err: undefined, reason: error.message }, text)
      }
    }
  return { log: Object.assign(log.child({}), { error: calmly('error'), warn: calmly('warn') }), stop: outage.stop }
}

const errorIn = (fields: unknown): Error | undefined => {
  const error: unknown = fields instanceof Error ? fields : Reflect.get(Object(fields), 'err')
  return error instanceof Error ? error : undefined
}

/** What keeps all requests from the database. */
const wholeTrouble = (error: Error): string | undefined => {
  if (ofOneStatement.has(codeOf(error) ?? '')) return undefined
  const trouble = troubleOf(error)
  if (trouble !== undefined) return textOf(trouble)
  return isPassing(error) ? 'The database cannot be reached.' : undefined
}

/** It took too long, or lacks a permission; or this server has closed its connection, as it stops. Each is told in full. */
const ofOneStatement = new Set(['57014', '42501', 'CONNECTION_DESTROYED'])

class Outage {
  readonly #log: Logger
  readonly #problem: () => Promise<string | undefined>
  readonly #interval: number
  readonly #told = new Map<string, 'error' | 'warn'>()
  #hasFailed = false
  #isStopped = false
  #timer: NodeJS.Timeout | undefined

  constructor(log: Logger, problem: () => Promise<string | undefined>, interval: number) {
    this.#log = log
    this.#problem = problem
    this.#interval = interval
  }

  /** A lost connection that only a warning has met may be all there is: it becomes an error with what fails as one. */
  tell(level: 'error' | 'warn', what: string, { message }: Error): void {
    this.#hasFailed = true
    const told = this.#told.get(what)
    if (told === undefined || (told === 'warn' && level === 'error')) {
      this.#log[level]({ reason: message }, what)
      this.#told.set(what, level)
    }
    this.#timer ??= setTimeout(this.#look, this.#interval).unref()
  }

  readonly stop = (): void => {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  readonly #look = async (): Promise<void> => {
    this.#hasFailed = false
    const isWell = (await this.#problem()) === undefined && !this.#hasFailed
    if (this.#isStopped) return
    if (!isWell) {
      this.#timer = setTimeout(this.#look, this.#interval).unref()
      return
    }
    this.#timer = undefined
    this.#told.clear()
    this.#log.info('The database works again.')
  }
}
