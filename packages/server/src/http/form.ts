import type { FastifyRequest } from 'fastify'

/** What a browser sent: the query, and over it what a form had. The last of fields that are given twice. */
export const formFields = ({ raw, body }: Pick<FastifyRequest, 'raw' | 'body'>): Record<string, string> => {
  const [, query = ''] = (raw.url ?? '').split(/\?(.*)/s)
  const form = Buffer.isBuffer(body) ? body.toString('utf8') : ''
  return Object.fromEntries([...new URLSearchParams(query), ...new URLSearchParams(form)])
}
