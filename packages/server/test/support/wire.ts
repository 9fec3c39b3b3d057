import { createServer, connect as dial, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './certificates.ts'
import { listen } from './listen.ts'

export type Wire = AsyncDisposable & {
  readonly url: string
  readonly port: number
  /** The names that clients said they were looking for (SNI), where the wire speaks TLS itself. */
  readonly namesAsked: readonly string[]
  /** Resets all connections. */
  break(): void
  /** From now on nothing passes, and nothing is closed: the database stands still. */
  hold(): void
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
  const namesAsked: string[] = []
  let isHeld = false
  const join = (client: Socket): void => {
    open.add(client)
    client.on('close', () => open.delete(client))
    if (isHeld) return
    const database =
      directory === null ? dial(databasePort, address.hostname) : dial(`${directory}/.s.PGSQL.${databasePort}`)
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      from.pipe(to)
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
  address.searchParams.delete('host')
  address.host = `127.0.0.1:${port}`
  return {
    url: address.href,
    port,
    namesAsked,
    break: () => {
      for (const client of open) client.resetAndDestroy()
    },
    hold: () => {
      isHeld = true
      for (const client of open) client.unpipe()
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of open) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const secured = ({ certificate, key }: Certificate) => ({ cert: certificate, key, ALPNProtocols: ['postgresql'] })
