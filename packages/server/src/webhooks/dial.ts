import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { second } from '../kernel/clock.ts'
import { callProblem } from '../kernel/web-url.ts'
import { type DialLimits, type DialResult, exchange, failed } from './exchange.ts'
import { createLookup } from './lookup.ts'
import { createResolver, type Resolve } from './resolve.ts'
import { createTargetGuard, type GuardOptions, isGuarded, targetRefusal } from './target-guard.ts'

/**
 * Sends single POST requests to untrusted receivers.
 *
 * Built on `node:http`, not on fetch: names must be resolved by our own lookup, connections must be kept apart by what
 * they may reach, and each stage needs its own time limit. undici would do as well, at the price of a dependency (the
 * copy inside Node cannot be configured). `node:http` follows no redirects, which is what we want.
 */
export type Dialer = {
  /** Never rejects: every failure is a result. */
  post(request: DialRequest): Promise<DialResult>
  /**
   * Why `post` would refuse the host of this URL, as far as that is known before its name is resolved. For those who take in
   * URLs: a refusal at the delivery is seen long after the mistake. A malformed URL is not judged.
   */
  refusal(request: Pick<DialRequest, 'url' | 'guarded'>): string | undefined
  /** Closes the connections kept for reuse. */
  close(): void
}

export type DialRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether only public and allow-listed addresses may be dialled: true for live stores. */
  readonly guarded: boolean
  /** Whether it must not arrive twice: then no kept connection is used, which the receiver may close after it has read. */
  readonly isOnce?: boolean | undefined
  /** Whether the answer's body is not read, of which the status says enough. */
  readonly ignoresBody?: boolean | undefined
  /** Once aborted, the shorter limits hold: somebody is waiting for the result. */
  readonly hurry?: AbortSignal | undefined
  /** Once aborted, nobody waits for the result any more. */
  readonly stop?: AbortSignal | undefined
}

export type DialerOptions = GuardOptions & {
  /** How host names are resolved, if not as `createResolver` does. */
  readonly resolve?: Resolve | undefined
  readonly limits?: DialLimits | undefined
}

/** PortOne documents 30 s to connect and 30 s to read. The overall limit stops a receiver that sends one byte every 29 seconds. */
export const defaultLimits: DialLimits = {
  connect: 30 * second,
  hurriedConnect: 3 * second,
  read: 30 * second,
  hurriedRead: 10 * second,
  overall: 60 * second,
  bodyBytes: 10 * 1024,
}

/** Throws if an entry of `allowedTargets` is malformed. */
export const createDialer = ({ resolve, limits = defaultLimits, ...options }: DialerOptions): Dialer => {
  const guard = createTargetGuard(options.allowedTargets)
  const closed = new AbortController()
  const resolver = resolve ?? createResolver({ closed: closed.signal })
  // Two pools: connections are reused by host name, so a live store could otherwise get an unchecked one of a sandbox store.
  const guarded = createPool(createLookup(resolver, guard.choose))
  const open = createPool(createLookup(resolver, (_hostname, addresses) => [...addresses]))
  const refusal: Dialer['refusal'] = ({ url, guarded }) => targetRefusal(options, guarded, url)
  return {
    refusal,
    post: async (request) => {
      const problem = callProblem(request.url)
      if (problem !== undefined) return failed(`The URL must ${problem}.`)
      const url = new URL(request.url)
      const refused = refusal(request)
      if (refused !== undefined) return failed(refused)
      const { agentFor, lookup } = isGuarded(options, request.guarded) ? guarded : open
      return await exchange({ ...request, url, agent: request.isOnce ? false : agentFor(url), lookup, limits })
    },
    close: () => {
      closed.abort()
      guarded.close()
      open.close()
    },
  }
}

type Pool = { readonly lookup: LookupFunction; agentFor(url: URL): http.Agent; close(): void }

const createPool = (lookup: LookupFunction): Pool => {
  const options = { keepAlive: true, maxFreeSockets: 8, timeout: 15 * second }
  const [plain, secure] = [new http.Agent(options), new https.Agent(options)]
  return {
    lookup,
    agentFor: (url) => (url.protocol === 'https:' ? secure : plain),
    close: () => {
      plain.destroy()
      secure.destroy()
    },
  }
}
