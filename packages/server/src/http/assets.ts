import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A built file, ready to be sent. */
export type Asset = {
  readonly type: string
  readonly body: Buffer
  /** Made when it is first asked for: it takes some milliseconds, for which a start does not wait. */
  readonly gzipped: () => Buffer
  readonly etag: string
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

export const asset = (name: string, body: Buffer): Asset => {
  let gzipped: Buffer | undefined
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    body,
    gzipped: () => {
      gzipped ??= gzipSync(body)
      return gzipped
    },
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  }
}

/** The files of a directory, by name. They are few and small, and stay in memory. */
export const readAssets = (directory: string): ReadonlyMap<string, Asset> =>
  new Map(
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, asset(name, readFileSync(join(directory, name)))]),
  )

export const sendAsset = (
  request: FastifyRequest,
  reply: FastifyReply,
  { type, body, gzipped, etag }: Asset,
): FastifyReply => {
  reply.type(type).header('etag', etag).header('vary', 'accept-encoding').header('x-content-type-options', 'nosniff')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  return takesGzip ? reply.header('content-encoding', 'gzip').send(gzipped()) : reply.send(body)
}
