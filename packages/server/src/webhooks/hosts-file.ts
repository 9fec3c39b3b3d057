import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { cachedFile } from './cached-file.ts'

/** The addresses of a name in the hosts file; `undefined` if it has none. */
export type HostsFile = (hostname: string) => readonly LookupAddress[] | undefined

/** Container runtimes write the names of other containers here, and developers the names of their machines. */
const path =
  process.platform === 'win32'
    ? `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts'

export const readHosts = (file = path): HostsFile => {
  const read = cachedFile(file, parseHosts)
  return (hostname) => {
    const name = hostname.toLowerCase().replace(/\.$/, '')
    return read()?.get(name) ?? (/(^|\.)localhost$/.test(name) ? loopback : undefined)
  }
}

/** RFC 6761: `localhost`, and every name below it, is this machine, whatever DNS says. */
export const loopback: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** An address and its names per line; `#` begins a comment. A name on several lines has all their addresses. */
const parseHosts = (text: string): ReadonlyMap<string, readonly LookupAddress[]> => {
  const hosts = new Map<string, LookupAddress[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const family = isIP(address)
    if (family === 0) continue
    for (const name of names.map((each) => each.toLowerCase()))
      hosts.set(name, [...(hosts.get(name) ?? []), { address, family }])
  }
  return hosts
}
