import type { FastifyRequest } from 'fastify'

/** The fields that a browser sent: those of the query, overridden by those of a form. The last one wins. */
export const formFields = ({ raw, body }: Pick<FastifyRequest, 'raw' | 'body'>): Record<string, string> => {
  const [, query = ''] = (raw.url ?? '').split(/\?(.*)/s)
  const form = Buffer.isBuffer(body) ? body.toString('utf8') : ''
  return Object.fromEntries([...new URLSearchParams(query), ...new URLSearchParams(form)])
}
