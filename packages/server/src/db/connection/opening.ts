import { errorOf, Messages, message, typeOf } from './messages.ts'
import { isOfKind, type SessionKind } from './session-kind.ts'
import { makeSettings, type SessionSettings } from './session-settings.ts'

export type Heard = {
  /** What the driver is to hear of it. */
  readonly forDriver: Buffer
  readonly next: 'more' | 'begun' | 'wrong kind' | Error | { readonly ask: Buffer }
}

/**
 * The first words of a server, up to where the driver may use the session. Before that it makes the session's settings and
 * finds out whether a pooler such as PgBouncer stands in between, which hands each transaction to another session.
 *
 * The settings are not sent with the driver's introduction: PgBouncer refuses those that it does not know. They are not
 * made behind a pooler, where they would stay with a session that others get. A pooler gives its clients process ids that
 * it made up, because it has to tell who wants to cancel a statement.
 */
export class Opening {
  readonly #messages = new Messages()
  readonly #parameters = new Map<string, string>()
  readonly #sought: SessionKind | undefined
  readonly #settings: SessionSettings
  #processId = 0
  #isAsked = false
  #isPooled = false

  constructor(sought: SessionKind | undefined, settings: SessionSettings) {
    this.#sought = sought
    this.#settings = settings
  }

  /** Known once the session has begun. */
  get isPooled(): boolean {
    return this.#isPooled
  }

  hear(piece: Buffer): Heard {
    const passed: Buffer[] = []
    let next: Heard['next'] = 'more'
    for (const each of this.#messages.take(piece)) {
      next = this.#isAsked ? this.#hearAnswer(each, passed) : this.#hearGreeting(each, passed)
    }
    return { forDriver: Buffer.concat(passed), next }
  }

  #hearGreeting(each: Buffer, passed: Buffer[]): Heard['next'] {
    switch (typeOf(each)) {
      case 'Z':
        // The driver too looks whether it is of the kind, but takes a standby for one that can be written to.
        if (!isOfKind(this.#sought, this.#parameters)) return 'wrong kind'
        this.#isAsked = true
        return { ask: message('Q', this.#question()) }
      case 'S': {
        const [name = '', value = ''] = each.toString('utf8', 5).split('\0')
        this.#parameters.set(name, value)
        break
      }
      case 'K':
        this.#processId = each.readInt32BE(5)
        break
    }
    passed.push(each)
    return 'more'
  }

  #question(): string {
    const isOurs = `pg_catalog.pg_backend_pid() = ${this.#processId}`
    return `select ${isOurs}, case when ${isOurs} then row(${makeSettings(this.#settings, 'session')}) end`
  }

  #hearAnswer(each: Buffer, passed: Buffer[]): Heard['next'] {
    switch (typeOf(each)) {
      case 'E':
        return errorOf(each)
      case 'D':
        // The type, the length, the number of columns, the length of the first, and what is in it.
        this.#isPooled = each.toString('latin1', 11, 12) !== 't'
        return 'more'
      case 'Z':
        passed.push(each)
        return 'begun'
      case 'S':
        passed.push(each)
        return 'more'
      default:
        return 'more'
    }
  }
}
