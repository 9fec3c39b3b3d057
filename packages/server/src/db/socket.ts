import { Socket } from 'node:net'

/** Where the driver found the database, from the URL, in its own words. */
type Address = {
  readonly path: string | false
  readonly host: readonly string[]
  readonly port: readonly number[]
}

/**
 * Gives the driver (postgres.js 3.4.9) sockets with which it survives the loss of a connection. Its own do not: in one
 * of thirty kills of PostgreSQL a query waited for ever, and with it the payment it was for; in one of four, queries
 * waited 5 s and were rejected although PostgreSQL was back. See `DriverSocket` for why.
 *
 * Over TLS the driver puts a socket of its own on top of this one, which can still fail before it closes.
 */
export const driverSockets = (): ((address: Address) => Socket) => {
  let dialled = 0
  return ({ path, host, port }) => {
    const socket = new DriverSocket()
    if (path) return socket.connect(path)
    // Each address in turn, as the driver does where it dials itself.
    const turn = dialled++ % host.length
    const address = { host: host[turn] ?? 'localhost', port: port[turn] ?? 5432 }
    // The driver holds the certificate against this name.
    return Object.assign(socket, { host: address.host }).connect(address)
  }
}

class DriverSocket extends Socket {
  #isOpen = false
  #hasSpoken = false

  constructor() {
    super()
    this.once('connect', () => {
      this.#isOpen = true
    })
    setImmediate(() => setImmediate(() => this.#dropUnlessSpoken()))
  }

  /**
   * Once it is open, it closes without failing first. The driver rejects what a connection had under way when the socket
   * fails, and lets go of the connection when it has closed, a moment later: a query that came between the two was
   * written nowhere and rejected by nobody. An error while dialling goes through, because it says what to do (no such
   * host, refused) and because a connection that is being dialled is given no other query.
   */
  override destroy(error?: Error): this {
    return this.#isOpen ? super.destroy() : super.destroy(error)
  }

  /** The first word of a client is its length, which begins with a zero; what remained of a query does not. */
  override _write(chunk: Uint8Array, encoding: BufferEncoding, then: (error?: Error | null) => void): void {
    const isStartUp = this.#hasSpoken || chunk[0] === 0
    this.#hasSpoken = true
    if (isStartUp) super._write(chunk, encoding, then)
    else this.destroy()
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
