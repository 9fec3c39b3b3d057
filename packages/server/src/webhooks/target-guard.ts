import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { type AddressRange, isInRange, readAddressRange } from '../kernel/address-range.ts'
import { loopback } from './hosts-file.ts'
import type { Choose } from './lookup.ts'
import type { Resolve } from './resolve.ts'

/** Whom the guard is for, and what it lets through. */
export type GuardOptions = {
  /** Host names, addresses and CIDR ranges that guarded webhooks may reach although they are not public. */
  readonly allowedTargets: readonly string[]
  /** Whether webhooks of sandbox stores are guarded as those of live stores always are. */
  readonly guardsSandbox?: boolean | undefined
}

/** Whether webhooks of a store, which is live or a sandbox, are guarded. */
export const isGuarded = ({ guardsSandbox = false }: GuardOptions, isLive: boolean): boolean => isLive || guardsSandbox

/**
 * Why a guarded webhook would not go to this URL, as far as that is known before its name is resolved. A malformed URL is not
 * judged.
 */
export const targetRefusal = (options: GuardOptions, isLive: boolean, url: string): string | undefined => {
  const parsed = isGuarded(options, isLive) ? URL.parse(url) : null
  return parsed === null ? undefined : createTargetGuard(options.allowedTargets).refusal(parsed)
}

/**
 * The same for whoever has the time to resolve the name, such as one that only a network of containers knows. Of a name without
 * an address nothing is known.
 */
export const resolvedTargetRefusal = async (
  options: GuardOptions,
  isLive: boolean,
  url: string,
  resolve: Resolve,
): Promise<string | undefined> => {
  const refusal = targetRefusal(options, isLive, url)
  const host = isGuarded(options, isLive) ? hostOf(URL.parse(url)) : ''
  if (refusal !== undefined || host === '' || isIP(host) !== 0) return refusal
  const addresses = await resolve(host).catch(() => [])
  const chosen = addresses.length === 0 ? [] : createTargetGuard(options.allowedTargets).choose(host, addresses)
  return chosen instanceof Error ? chosen.message : undefined
}

const hostOf = (url: URL | null): string => url?.hostname.replace(/^\[|\]$/g, '') ?? ''

/**
 * Keeps webhooks out of Naru's own network. Otherwise whoever may set a webhook URL could make the server call what only
 * the server can reach: a cloud's metadata service, a database, an admin page on loopback.
 */
export type TargetGuard = {
  /**
   * Why this host, if it is an address or `localhost`, may not be dialled. Other names pass: `choose` judges what they resolve
   * to when they are dialled.
   */
  refusal(url: URL): string | undefined
  /**
   * The addresses of a name that may be dialled. The sockets connect to these very addresses: checking the name
   * beforehand would leave a gap, since it may resolve to something else a moment later (DNS rebinding).
   */
  readonly choose: Choose
}

/**
 * Allows the public internet, and beyond it `allowedTargets`: host names, addresses and CIDR ranges, such as
 * `hooks.internal`, `10.1.2.3` or `10.0.0.0/8`. A name on the list may resolve to anything.
 *
 * Throws if an entry is none of these: a mistyped entry would otherwise show only in failed deliveries.
 */
export const createTargetGuard = (allowedTargets: readonly string[]): TargetGuard => {
  const allowed = allowedTargets.map(readAllowedTarget)
  const allowsName = (name: string) => allowed.some((entry) => entry.name === canonicalName(name))
  const allowsAddress = (address: string) =>
    isPublic(address) || allowed.some((entry) => entry.range !== undefined && isInRange(entry.range, address))

  const choose: Choose = (hostname, addresses) => {
    const chosen = addresses.filter(({ address }) => allowsName(hostname) || allowsAddress(address))
    return chosen.length > 0 ? chosen : new Error(explain(hostname, addresses))
  }

  return {
    refusal: (url) => {
      const host = hostOf(url)
      if (isIP(host) !== 0) return allowsAddress(host) ? undefined : explain(host)
      if (canonicalName(host) !== 'localhost') return undefined
      const chosen = choose(host, loopback)
      return chosen instanceof Error ? chosen.message : undefined
    },
    choose,
  }
}

type AllowedTarget = { readonly name?: string; readonly range?: AddressRange }

const readAllowedTarget = (text: string): AllowedTarget => {
  const range = readAddressRange(text)
  if (range !== undefined) return { range }
  const name = canonicalName(text)
  if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)) return { name }
  throw new Error(
    `"${text}" is not a webhook target that can be allowed. Write a host name (without scheme, port or path), an IP ` +
      'address or a range such as 10.0.0.0/8.',
  )
}

const canonicalName = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/**
 * Whether the address is an ordinary one of the public internet. A list of what is allowed, not of what is forbidden:
 * in IPv6 only 2000::/3 is given out at all, and ranges that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo)
 * are not `unicast` to the library, so that nothing private can be reached in disguise.
 */
const isPublic = (address: string): boolean => {
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv4' || isInRange(globalUnicast, address)
}

const globalUnicast = ipaddr.parseCIDR('2000::/3')

const explain = (host: string, addresses: readonly LookupAddress[] = []): string => {
  const resolved = addresses.length === 0 ? 'is' : `resolves to ${addresses.map(({ address }) => address).join(', ')},`
  return (
    `${host} ${resolved} not an address of the public internet. Webhooks of live stores, and with DATABASE_URL those of ` +
    'all stores, go to public addresses only; to allow this one, add it to NARU_WEBHOOK_ALLOWED_TARGETS.'
  )
}
