import { Messages, message, typeOf } from './messages.ts'
import { makeSettings, type SessionSettings } from './session-settings.ts'

/**
 * Makes the settings anew for each statement, in the transaction that the statement itself is. That is for sessions behind
 * a pooler, which may hand each transaction to another session of PostgreSQL. It costs no round trip: the settings go ahead
 * of the statement in the same packet, and what PostgreSQL says to them is not passed on.
 *
 * Within a transaction nothing is added; the one who begins it makes its settings. Statements without parameters that are
 * sent as texts (the simple protocol) get none either: PostgreSQL takes nothing else into the transaction of such a text.
 *
 * What lost: settings of the role (`alter role`), which would apply to people and programs that Naru does not know, and
 * not to the sessions that the pooler has open already.
 */
export class LimitedStatements {
  readonly #fromDriver = new Messages()
  readonly #fromServer = new Messages()
  readonly #ahead: Buffer
  /** For each ReadyForQuery that is to come: how many answers to what went ahead come before it. */
  readonly #expected: number[] = []
  #hasBegunStatement = false
  #isInTransaction = false

  constructor(settings: SessionSettings) {
    const nothing = Buffer.alloc(2)
    const texts = [isolation, `select ${makeSettings(settings, 'transaction')}`]
    this.#ahead = Buffer.concat(
      texts.flatMap((text) => [
        message('P', '', text, nothing),
        message('B', '', '', nothing, nothing, nothing),
        message('E', '', Buffer.alloc(4)),
      ]),
    )
  }

  /** What is to be sent for what the driver sends. */
  send(piece: Buffer): Buffer {
    return Buffer.concat(this.#fromDriver.take(piece).flatMap((each) => this.#withSettings(each)))
  }

  #withSettings(each: Buffer): readonly Buffer[] {
    switch (typeOf(each)) {
      case 'P':
      case 'B': {
        if (this.#hasBegunStatement) return [each]
        this.#hasBegunStatement = true
        this.#expected.push(this.#isInTransaction ? 0 : answersToSettings)
        return this.#isInTransaction ? [each] : [this.#ahead, each]
      }
      case 'Q':
        this.#expected.push(0)
        return [each]
      case 'S':
        if (!this.#hasBegunStatement) this.#expected.push(0)
        this.#hasBegunStatement = false
        return [each]
      default:
        return [each]
    }
  }

  /** What the driver is to hear of what the server says. */
  hear(piece: Buffer): Buffer {
    return Buffer.concat(this.#fromServer.take(piece).filter((each) => this.#isForDriver(each)))
  }

  #isForDriver(each: Buffer): boolean {
    switch (typeOf(each)) {
      case 'Z':
        this.#isInTransaction = each.toString('latin1', 5) !== 'I'
        this.#expected.shift()
        return true
      case 'E':
        // PostgreSQL skips the rest.
        this.#expected[0] = 0
        return true
      case '1':
      case '2':
      case 'D':
      case 'C': {
        const [left = 0] = this.#expected
        if (left > 0) this.#expected[0] = left - 1
        return left === 0
      }
      default:
        return true
    }
  }
}

/**
 * A statement of its own, which must be the first of its transaction. It holds for that alone, though it does not say `local`,
 * of which PostgreSQL would warn in its log outside a block.
 */
const isolation = `set transaction_isolation = 'read committed'`

/** ParseComplete, BindComplete and CommandComplete of each, and the one DataRow. */
const answersToSettings = 7
