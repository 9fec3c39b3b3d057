import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What limits count by. Of IPv6 that is a network of 64 bits, which is the least that anybody gets. */
export const sourceOf = (address: string): string => {
  if (!isIPv6(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.parts.slice(0, 4).join(':')
}
