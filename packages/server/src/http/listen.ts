import { once } from 'node:events'
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { codeOf } from '../kernel/error-code.ts'
import { portHolder } from './port-holder.ts'

export type Place = { readonly host: string; readonly port: number }

/** Starts to listen and returns the URL. If that fails, the error says what to set PORT or HOST to. */
export const listen = async (app: FastifyInstance, { host, port }: Place): Promise<string> => {
  try {
    return await app.listen({ port, host })
  } catch (cause) {
    throw new Error(await explain(cause, { host, port }), { cause })
  }
}

/** Fails as `listen` would, before a database is made for a server that cannot start. */
export const requirePlace = async (place: Place): Promise<void> => {
  const probe = createServer()
  try {
    await once(probe.listen(place.port, place.host), 'listening')
  } catch (cause) {
    throw new Error(await explain(cause, place), { cause })
  } finally {
    probe.close()
  }
}

const explain = async (error: unknown, { host, port }: Place): Promise<string> => {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `The port ${port} of ${host} is taken by ${(await portHolder(port)) ?? 'another program'}. Stop it, or set PORT to another port.`
    case 'EACCES':
      return `Only root may listen on port ${port}. Set PORT to one above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is "${host}", which is not an address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all of them.`
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
