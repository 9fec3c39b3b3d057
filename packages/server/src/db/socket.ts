import { Socket } from 'node:net'

/** Where the driver found the database, from the URL, in its own words. */
type Address = {
  readonly path: string | false
  readonly host: readonly string[]
  readonly port: readonly number[]
}

/**
 * Gives the driver (postgres.js 3.4.9) sockets that only close, once they are open, and never fail first.
 *
 * The driver rejects what a connection had under way when its socket fails, and lets go of the connection when it has
 * closed, a moment later. A query that comes between the two is written nowhere and rejected by nobody: it waits for
 * ever, and with it the payment it was for. The crash run met it once in some thirty kills of PostgreSQL. A socket that
 * closes without failing makes the driver do both in one step. An error while dialling goes through, because it says
 * what to do (no such host, refused) and because a connection being dialled is given no other query.
 *
 * Over TLS the driver puts a socket of its own on top of this one, which can still fail first.
 */
export const socketsThatOnlyClose = (): ((address: Address) => Socket) => {
  let dialled = 0
  return ({ path, host, port }) => {
    const socket = new SocketThatOnlyCloses()
    if (path) return socket.connect(path)
    // Each address in turn, as the driver does where it dials itself.
    const turn = dialled++ % host.length
    const address = { host: host[turn] ?? 'localhost', port: port[turn] ?? 5432 }
    // The driver holds the certificate against this name.
    return Object.assign(socket, { host: address.host }).connect(address)
  }
}

class SocketThatOnlyCloses extends Socket {
  #isOpen = false

  constructor() {
    super()
    this.once('connect', () => {
      this.#isOpen = true
    })
  }

  override destroy(error?: Error): this {
    return this.#isOpen ? super.destroy() : super.destroy(error)
  }
}
