import type { FastifyRequest } from 'fastify'

/** On a laptop the server is whatever it was called by: localhost, or an address of the network for a phone. */
export const ownOrigin = (
  { protocol, headers: { host } }: Pick<FastifyRequest, 'protocol' | 'headers'>,
  publicUrl: string | undefined,
): string => publicUrl ?? (host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host) ? `${protocol}://${host}` : '')
