import { promises as dns, type LookupAddress } from 'node:dns'
import { networkInterfaces } from 'node:os'
import { second } from '../kernel/clock.ts'
import { KeyedQueue } from '../kernel/keyed-queue.ts'
import { type HostsFile, readHosts } from './hosts-file.ts'
import { readSearchList, type SearchList } from './search-list.ts'

/** A name has no address, with a message for whoever set the URL. To find that out can take as long as a time limit. */
export class NoAddress extends Error {}

/** Resolves a name to all its addresses. Rejects with `NoAddress` if it has none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export type ResolverOptions = {
  /** In milliseconds, for one name with everything that is asked for it. */
  readonly timeLimit?: number
  /** DNS servers as `address:port`; the system's unless given. */
  readonly servers?: readonly string[]
  readonly hosts?: HostsFile
  readonly searchList?: SearchList
  /** The system's own resolver, for what only it knows. */
  readonly system?: Resolve
  /** Cancels all queries under way: an unanswered query would keep the process from ending. */
  readonly closed?: AbortSignal
}

const systemLookup: Resolve = (hostname) => dns.lookup(hostname, { all: true })

/**
 * Resolves names without `getaddrinfo`. Node runs that in a pool of four threads that the whole process shares, and a name
 * whose DNS server does not answer blocks one of them for half a minute: a few such names stopped all webhooks, and file
 * access too. c-ares resolves any number of names at once, with a time limit.
 *
 * cacheable-lookup does much of this, and lost: it asks DNS before `/etc/hosts`, ignores search lists, and falls back to
 * any number of threads.
 *
 * Names that neither `/etc/hosts` nor DNS knows are looked up by the system after all, which may know them from multicast
 * DNS (`laptop.local`) or a directory: one name at a time, hence in at most one thread. Concurrent lookups of a name share
 * one query.
 */
export const createResolver = (options: ResolverOptions = {}): Resolve => {
  const { timeLimit = 10 * second, servers, hosts = readHosts(), system = systemLookup } = options
  const { searchList = readSearchList() } = options
  const systemQueue = new KeyedQueue()
  const waiting = new Map<string, Promise<readonly LookupAddress[]>>()
  const underWay = new Set<AbortController>()
  options.closed?.addEventListener('abort', () => {
    for (const over of underWay) over.abort()
  })

  const askSystem = (hostname: string, signal: AbortSignal): Promise<readonly LookupAddress[]> =>
    systemQueue.run('system', async () => {
      signal.throwIfAborted()
      return await system(hostname)
    })

  const resolve = async (hostname: string): Promise<readonly LookupAddress[]> => {
    const known = hosts(hostname)
    if (known !== undefined) return known
    const over = new AbortController()
    underWay.add(over)
    const timer = setTimeout(() => over.abort(), timeLimit)
    try {
      const found = await withinLimit(askDns(searchList(hostname), servers, over.signal), over.signal)
      return found ?? (await withinLimit(askSystem(hostname, over.signal), over.signal))
    } catch (error) {
      throw new NoAddress(explain(hostname, timeLimit, over.signal.aborted ? 'ETIMEOUT' : codeOf(error)))
    } finally {
      clearTimeout(timer)
      underWay.delete(over)
      over.abort()
    }
  }

  return (hostname) => {
    const others = waiting.get(hostname)
    if (others !== undefined) return others
    const resolving = resolve(hostname).finally(() => waiting.delete(hostname))
    waiting.set(hostname, resolving)
    return resolving
  }
}

const withinLimit = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const tooLate = () => reject(new Error('too late'))
    if (signal.aborted) tooLate()
    signal.addEventListener('abort', tooLate, { once: true })
    work.then(resolve, reject)
  })

/** The addresses of the first of these names that has any; `undefined` if DNS knows none of them. */
const askDns = async (
  names: readonly string[],
  servers: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly LookupAddress[] | undefined> => {
  for (const name of names) {
    signal.throwIfAborted()
    const found = await askForName(name, servers, signal)
    if (found.length > 0) return found
  }
  return undefined
}

/** How long the addresses of one family may let those of the other wait: some DNS servers never answer for IPv6. */
const straggling = second / 2

const askForName = async (
  name: string,
  servers: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> => {
  // A new resolver for each name reads the system's configuration again, which changes when laptops move.
  const resolver = new dns.Resolver({ timeout: 2 * second, tries: 4 })
  if (servers !== undefined) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  let straggler: NodeJS.Timeout | undefined
  const ask = async (family: 4 | 6, answer: Promise<readonly string[]>): Promise<readonly LookupAddress[]> => {
    const addresses = await answer
    straggler ??= setTimeout(cancel, straggling)
    return addresses.map((address) => ({ address, family }))
  }
  const answers = await Promise.allSettled([ask(4, resolver.resolve4(name)), ask(6, resolver.resolve6(name))])
  clearTimeout(straggler)
  signal.removeEventListener('abort', cancel)
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const broken = answers.find((answer) => answer.status === 'rejected' && !isUnknown(answer.reason))
  if (found.length === 0 && broken?.status === 'rejected') throw broken.reason
  return reachable(found)
}

/** No such name, no address of this family, or no DNS server at all: another source may know the name. */
const isUnknown = (error: unknown): boolean => ['ENOTFOUND', 'ENODATA', 'ECONNREFUSED'].includes(codeOf(error))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EUNKNOWN'

/**
 * Without the addresses of a family that this machine has no route for, unless there are no others. They would only
 * fail; `getaddrinfo` leaves them out too.
 */
const reachable = (addresses: readonly LookupAddress[]): readonly LookupAddress[] => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const isRouted = ({ family }: LookupAddress): boolean =>
    own.some((each) => each.family === `IPv${family}` && !each.internal && !each.address.startsWith('fe80:'))
  const routed = addresses.filter(isRouted)
  return routed.length > 0 ? routed : addresses
}

const explain = (hostname: string, timeLimit: number, code: string): string => {
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return `The name ${hostname} has no address.`
    case 'ETIMEOUT':
      return `The name ${hostname} could not be resolved within ${timeLimit} ms.`
    default:
      return `The name ${hostname} could not be resolved (${code}).`
  }
}
