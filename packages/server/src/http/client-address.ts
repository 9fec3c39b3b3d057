import { isIP, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

/**
 * The address that a request comes from, as trusted proxies tell it. Some append the port, which is another one for each
 * connection. What is no address at all is somebody's invention: then it is the proxy's own.
 */
export const clientAddress = ({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string => {
  const [, bracketed, plain] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(ip) ?? []
  return [ip, bracketed, plain].find((text) => text !== undefined && isIP(text) !== 0) ?? socket.remoteAddress ?? ''
}

/** What limits count by. Of IPv6 that is a network of 64 bits, which is the least that anybody gets. */
export const sourceOf = (address: string): string => {
  if (!isIPv6(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.parts.slice(0, 4).join(':')
}
