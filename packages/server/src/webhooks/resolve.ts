import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Resolves a name to all its addresses. */
export type Resolve = (hostname: string, options: LookupOptions & { all: true }, callback: Resolved) => void

type Resolved = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

/**
 * The system's resolver (so that /etc/hosts counts), asked once for a name however many deliveries wait for it. Node
 * resolves in a pool of four threads that the whole process shares: the deliveries to one name whose DNS is dead would
 * occupy all of them, and keep even the calls to payment gateways waiting.
 */
export const createResolver = (resolve: Resolve = systemLookup): Resolve => {
  const waiting = new Map<string, Resolved[]>()
  return (hostname, options, callback) => {
    const key = `${hostname} ${options.family} ${options.hints}`
    const others = waiting.get(key)
    if (others !== undefined) {
      others.push(callback)
      return
    }
    const callbacks = [callback]
    waiting.set(key, callbacks)
    resolve(hostname, options, (error, addresses) => {
      waiting.delete(key)
      for (const settle of callbacks) settle(error, addresses)
    })
  }
}

/** Which of a name's addresses may be dialled, or an error that says why none may. */
export type Choose = (hostname: string, addresses: readonly LookupAddress[]) => LookupAddress[] | Error

/** The function by which Node's sockets find the address they dial. */
export const createLookup =
  (resolve: Resolve, choose: Choose): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const chosen = choose(hostname, addresses)
      if (chosen instanceof Error) return callback(chosen, [])
      const [first] = chosen
      if (options.all === true || first === undefined) callback(null, chosen)
      else callback(null, first.address, first.family)
    })
  }
