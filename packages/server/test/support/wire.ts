import { createServer, connect as dial, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { inspect } from 'node:util'
import type { Certificate } from './certificates.ts'
import { listen } from './listen.ts'
import { RunStatements } from './run-statements.ts'

export type Wire = AsyncDisposable & {
  readonly url: string
  readonly port: number
  /** The names that clients said they were looking for (SNI), where the wire speaks TLS itself. */
  readonly namesAsked: readonly string[]
  /** Resets all connections. */
  break(): void
  /** Closes the connection over which the database has sent so many more bytes, once they have arrived. */
  breakOffAfter(bytes: number): void
  /** From now on nothing passes, and nothing is closed: the database stands still. */
  hold(): void
  /**
   * Sends a request. From the first statement on that says all of these texts, in itself or in its parameters, nothing that clients
   * send arrives: as where a server stands still. Resolves once that is so, with the answer that is yet to come; fails where
   * the request is answered without it.
   */
  freezeAt<Answer>(
    texts: readonly string[],
    request: () => Promise<Answer>,
  ): Promise<{ readonly late: Promise<Answer> }>
  /** Lets through what was sent meanwhile, and all that follows. */
  thaw(): void
}

/**
 * A way to the database that resets its connections when told to, as a machine that goes down does. With a certificate
 * it speaks TLS itself, from the first byte, as the proxies of hosted databases do.
 */
export const breakableWire = async (databaseUrl: string, certificate?: Certificate): Promise<Wire> => {
  const address = new URL(databaseUrl)
  const directory = address.searchParams.get('host')
  const databasePort = Number(address.port || 5432)
  const open = new Set<Socket>()
  const dialled = new Set<Socket>()
  const ice = new Ice()
  const namesAsked: string[] = []
  let isHeld = false
  let left = Number.POSITIVE_INFINITY
  const join = (client: Socket): void => {
    open.add(client)
    client.on('close', () => open.delete(client))
    if (isHeld) return
    const database =
      directory === null ? dial(databasePort, address.hostname) : dial(`${directory}/.s.PGSQL.${databasePort}`)
    dialled.add(database)
    database.on('close', () => dialled.delete(database))
    const statements = new RunStatements()
    client.on('data', (chunk: Buffer) => ice.pass(statements.hear(chunk), () => database.write(chunk)))
    client.on('end', () => database.end())
    database.pipe(client)
    database.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left > 0) return
      left = Number.POSITIVE_INFINITY
      database.unpipe(client)
      client.end()
    })
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      // An end that is gone takes the other one with it.
      from.on('error', () => to.destroy())
    }
  }
  const server =
    certificate === undefined
      ? createServer(join)
      : createTlsServer(secured(certificate), (client) => {
          namesAsked.push(String(client.servername))
          join(client)
        })
  const port = await listen(server)
  // A wire may fall silent, and tests of that do not want to wait for long: it has no parameter, and tests give it their own.
  address.search = ''
  address.host = `127.0.0.1:${port}`
  return {
    url: address.href,
    port,
    namesAsked,
    break: () => {
      for (const client of open) client.resetAndDestroy()
    },
    breakOffAfter: (bytes) => {
      left = bytes
    },
    hold: () => {
      isHeld = true
      ice.freeze()
    },
    freezeAt: (texts, request) => ice.freezeAt(texts, request),
    thaw: () => ice.thaw(),
    [Symbol.asyncDispose]: async () => {
      // Also to the database, which gives somebody who has not said who they are a minute.
      for (const socket of [...open, ...dialled]) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Holds messages back from one that runs a certain statement on, in their order. */
class Ice {
  readonly #held: (() => void)[] = []
  #texts: readonly string[] | undefined
  #isFrozen = false
  #frozen = Promise.withResolvers<void>()

  async freezeAt<Answer>(texts: readonly string[], request: () => Promise<Answer>) {
    // A test that failed may have left it frozen.
    this.thaw()
    this.#texts = texts
    this.#frozen = Promise.withResolvers()
    const late = request()
    const answered = late.then((answer) => {
      this.#texts = undefined
      throw new Error(`It was answered and has not said ${texts.join(' … ')}: ${inspect(answer)}`)
    })
    await Promise.race([this.#frozen.promise, answered])
    return { late }
  }

  freeze(): void {
    this.#isFrozen = true
  }

  pass(statements: readonly string[], send: () => void): void {
    const texts = this.#texts
    if (texts && statements.some((statement) => texts.every((text) => statement.includes(text)))) {
      this.freeze()
      this.#frozen.resolve()
    }
    if (this.#isFrozen) this.#held.push(send)
    else send()
  }

  thaw(): void {
    this.#isFrozen = false
    this.#texts = undefined
    for (const send of this.#held.splice(0)) send()
  }
}

const secured = ({ certificate, key }: Certificate) => ({ cert: certificate, key, ALPNProtocols: ['postgresql'] })
