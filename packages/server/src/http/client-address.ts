import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

/**
 * The address that a request comes from, as trusted proxies tell it. Some append the port, which is another one for each
 * connection. What is no address at all is somebody's invention: then it is the proxy's own.
 */
export const clientAddress = ({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string => {
  const [, bracketed, plain] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(ip) ?? []
  return [ip, bracketed, plain].find((text) => text !== undefined && isIP(text) !== 0) ?? socket.remoteAddress ?? ''
}
