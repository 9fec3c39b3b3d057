import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Address, Target } from './address.ts'
import { type Dialled, dial } from './dial.ts'
import { LimitedStatements } from './limited-statements.ts'
import { withoutSecondSync } from './one-sync.ts'
import { Opening } from './opening.ts'
import { Rotation } from './rotation.ts'
import type { SessionSettings } from './session-settings.ts'
import { WholeAnswers } from './whole-answers.ts'

/** The driver's options, which it hands over when it asks for a socket. The times are in seconds. */
type Wish = {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly connect_timeout: number
  readonly keep_alive: number | null
  /** Whether statements are prepared under names; the driver looks here for each of them. */
  prepare?: boolean
}

/**
 * Gives the driver (postgres.js 3.4.9) sockets with which it survives the loss of a connection. Its own do not: in one
 * of thirty kills of PostgreSQL a query waited for ever, and with it the payment it was for; in one of four, queries
 * waited 5 s and were rejected although PostgreSQL was back. See `DriverSocket` for why. The settings hold for each
 * statement, behind a pooler too.
 */
export const driverSockets = (address: Address, settings: SessionSettings): ((wish: Wish) => Duplex) => {
  const rotation = new Rotation(address)
  return (wish) => {
    const { host, port, connect_timeout, keep_alive } = wish
    const times = { limit: connect_timeout * 1_000, keepAliveAfter: (keep_alive ?? 0) * 1_000 }
    const socket = new DriverSocket({
      rotation,
      settings,
      dial: (targets, signal) => dial({ targets, tls: address.tls, ...times }, signal),
      // The session that knows a statement by its name would not be the one that is asked for it.
      onPooled: () => {
        wish.prepare = false
      },
    })
    // For the driver's messages.
    return Object.assign(socket, { host: host[0], port: port[0] })
  }
}

type Parts = {
  readonly rotation: Rotation
  readonly settings: SessionSettings
  readonly dial: (targets: readonly Target[], signal: AbortSignal) => Promise<Dialled>
  /** A pooler stands in between. Called before the driver may use the session. */
  readonly onPooled: () => void
}

/**
 * What the driver takes for its socket. The one to PostgreSQL is dialled behind it, encryption included: the driver
 * would put a TLS socket of its own on top of what it is given, which fails and falls silent as its own always do.
 */
class DriverSocket extends Duplex {
  readonly #dropped = new AbortController()
  readonly #parts: Parts
  readonly #opening: Opening
  readonly #order: readonly Target[]
  #wire: Socket | undefined
  #whenOpen: ((wire: Socket) => void) | undefined
  readonly #answers = new WholeAnswers()
  #limited: LimitedStatements | undefined
  #hasSpoken = false
  #hasBegun = false

  constructor(parts: Parts) {
    super({ allowHalfOpen: false, emitClose: false })
    this.#parts = parts
    this.#opening = new Opening(parts.rotation.sought, parts.settings)
    this.#order = parts.rotation.next()
    parts.dial(this.#order, this.#dropped.signal).then(
      (dialled) => this.#use(dialled),
      (error) => this.destroy(error),
    )
    setImmediate(() => setImmediate(() => this.#dropUnlessSpoken()))
  }

  /** The driver takes leave only where this is `open`: while dialling too, so that no connection is left behind. */
  get readyState(): 'open' | 'closed' {
    return this.destroyed ? 'closed' : 'open'
  }

  /**
   * Once the session has begun, it closes without failing first. The driver rejects what a connection had under way when
   * the socket fails, and lets go of the connection when it has closed, a moment later: a query that came between the
   * two was written nowhere and rejected by nobody. Before, the error goes through, because it says what to
   * do (no such host, no TLS), because a connection that is being opened is given no other query, and because the driver
   * goes on dialling for ever where a socket only closes: at a proxy whose server is down, for one.
   */
  override destroy(error?: Error): this {
    if (!this.#hasBegun) return super.destroy(error)
    if (!this.destroyed) this.push(this.#answers.end())
    return super.destroy()
  }

  /** The first word of a client is its length, which begins with a zero; what remained of a query does not. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, then: () => void): void {
    const isStartUp = this.#hasSpoken || chunk[0] === 0
    this.#hasSpoken = true
    if (!isStartUp) this.destroy()
    else {
      const said = withoutSecondSync(chunk)
      this.#onceOpen((wire) => (wire.write(this.#limited?.send(said) ?? said) ? then() : wire.once('drain', then)))
    }
  }

  override _final(then: () => void): void {
    this.#onceOpen((wire) => wire.end(then))
  }

  override _read(): void {
    this.#wire?.resume()
  }

  /**
   * As `net.Socket` does, it says on closing whether it had failed (the driver then waits a little before it dials), and
   * closes only when those have run who wait for the query that failed: a transaction is to tell why it cannot begin.
   */
  override _destroy(error: Error | null, then: (error: Error | null) => void): void {
    this.#dropped.abort()
    this.#wire?.destroy()
    then(error)
    setImmediate(() => this.emit('close', error !== null))
  }

  #use({ wire, target }: Dialled): void {
    if (this.destroyed) {
      wire.destroy()
      return
    }
    this.#wire = wire
    wire.on('data', (chunk: Buffer) => {
      const heard = this.#hasBegun ? this.#hearAnswers(chunk) : this.#hearOpening(chunk, wire, target)
      if (heard.length > 0 && !this.push(heard)) wire.pause()
    })
    wire.on('error', (error) => this.destroy(error))
    wire.on('close', () => this.destroy(closedAtOnce()))
    this.#whenOpen?.(wire)
  }

  #hearAnswers(chunk: Buffer): Buffer {
    return this.#answers.hear(this.#limited?.hear(chunk) ?? chunk)
  }

  /**
   * What the driver is to hear of it. Where the server is of the wrong kind, this closes before the driver learns that the
   * session has begun, and the driver dials again by itself. When all were wrong it fails.
   */
  #hearOpening(chunk: Buffer, wire: Socket, target: Target): Buffer {
    const { rotation, settings, onPooled } = this.#parts
    const { forDriver, next } = this.#opening.hear(chunk)
    if (next === 'wrong kind') this.destroy(rotation.passOver(this.#order, target))
    else if (next instanceof Error) this.destroy(next)
    else if (next === 'begun') {
      rotation.settleOn(target)
      this.#hasBegun = true
      if (this.#opening.isPooled) {
        this.#limited = new LimitedStatements(settings)
        onPooled()
      }
    } else if (next !== 'more') wire.write(next.ask)
    return this.destroyed ? Buffer.alloc(0) : forDriver
  }

  /** A stream writes one thing at a time, so there is one to keep at most. */
  #onceOpen(work: (wire: Socket) => void): void {
    if (this.#wire === undefined) this.#whenOpen = work
    else work(this.#wire)
  }

  /**
   * A query that the driver had put down for writing when the connection closed stays put down, and what comes after it
   * is held back until 1,024 bytes have come together: the next connection says nothing, and is given up after 5 s. One
   * that has said nothing by now never will. Dropped, it is dialled again at once, and a few times more, until those
   * bytes are there and have been thrown away by `_write`.
   */
  #dropUnlessSpoken(): void {
    if (!this.#hasSpoken) this.destroy()
  }
}

const closedAtOnce = (): Error =>
  Object.assign(new Error('The database server closed the connection before the session began.'), {
    code: 'CONNECTION_CLOSED',
  })
