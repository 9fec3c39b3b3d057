import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { Resolve } from './resolve.ts'

/** The addresses of a name that may be dialled, or an error that says why there are none. */
export type Choose = (hostname: string, addresses: readonly LookupAddress[]) => LookupAddress[] | Error

/** The function by which Node's sockets find the address they dial. */
export const createLookup =
  (resolve: Resolve, choose: Choose): LookupFunction =>
  (hostname, options, callback) => {
    const give = (addresses: readonly LookupAddress[]): void => {
      const chosen = choose(hostname, addresses)
      const [first] = chosen instanceof Error ? [] : chosen
      if (chosen instanceof Error) callback(chosen, [])
      else if (options.all === true || first === undefined) callback(null, chosen)
      else callback(null, first.address, first.family)
    }
    resolve(hostname).then(give, (error: Error) => callback(error, []))
  }
