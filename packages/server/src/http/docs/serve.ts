import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { koreanCategories, koreanDescription, koreanSummaries, openApiDocument } from '@naru/contract'
import type { FastifyInstance } from 'fastify'

/** What the examples name the first sandbox store's things by; none of them is secret. */
export type ExampleValues = { readonly storeId?: string; readonly channelKey?: string; readonly profileKey?: string }

export type DocsOptions = {
  readonly values?: ExampleValues
  /** Whether this server refuses to notify the URL: examples do without. */
  readonly refusesTarget?: (url: string) => boolean
}

/**
 * `/openapi.json` and a page to read and try it by, which works without a network: everything it needs comes from here.
 * Swagger UI over Scalar and Redoc: a third of their size, no fonts from elsewhere, and files that are simply served.
 */
export const serveDocs = (
  app: FastifyInstance,
  { values = {}, refusesTarget = () => false }: DocsOptions = {},
): void => {
  let document: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    document ??= withValues(JSON.stringify(openApiDocument(), withoutRefused(refusesTarget)), values)
    return reply.type('application/json; charset=utf-8').send(document)
  })
  // Whoever types the server's address into a browser. A client that asks for JSON is told that there is nothing.
  app.get('/', (request, reply) =>
    /\btext\/html\b/.test(request.headers.accept ?? '') ? reply.redirect('/docs') : reply.callNotFound(),
  )
  app.get('/docs', (_request, reply) =>
    reply.type('text/html; charset=utf-8').headers(protection).send(own('page.html')),
  )
  app.get('/docs/korean.json', () => ({
    description: koreanDescription,
    summaries: koreanSummaries,
    categories: koreanCategories,
  }))
  for (const [name, type] of Object.entries(ownFiles))
    app.get(`/docs/${name}`, (_request, reply) =>
      reply.type(type).headers(nosniff).header('cache-control', 'no-cache').send(own(name)),
    )
  const directory = swaggerUi()
  for (const [name, type] of Object.entries(assets))
    app.get(`/docs/${name}`, (_request, reply) =>
      reply
        .type(type)
        .headers(nosniff)
        .header('cache-control', 'max-age=3600')
        .send(createReadStream(join(directory, name))),
    )
}

/**
 * The package that is published carries Swagger UI's two files: its npm package would bring an install script that reports
 * every installation to a third party.
 */
const swaggerUi = (): string => {
  const packed = fileURLToPath(new URL('swagger-ui', import.meta.url))
  return existsSync(packed) ? packed : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
}

const javascript = 'text/javascript; charset=utf-8'
const css = 'text/css; charset=utf-8'

const ownFiles = {
  'page.css': css,
  'page.js': javascript,
  'resolve.js': javascript,
  'search.js': javascript,
  'try-out.js': javascript,
}

const nosniff = { 'x-content-type-options': 'nosniff' }

/**
 * Whoever tries the API there types an API secret in: the page runs nothing but our files, speaks to nobody but us, and is
 * shown in no frame. Swagger UI's icons are `data:` images, and what `try-out.js` says instead of an answer is asked for as `data:`.
 */
const protection = {
  ...nosniff,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
}

const own = (name: string): Buffer => readFileSync(fileURLToPath(new URL(name, import.meta.url)))

/** For `JSON.stringify`. Schemas of that name are no lists. */
const withoutRefused = (isRefused: (url: string) => boolean) => (name: string, value: unknown) =>
  name === 'noticeUrls' && Array.isArray(value) && value.some(isRefused) ? undefined : value

/** A value that is not known keeps its name in braces. */
const withValues = (document: string, values: ExampleValues): string =>
  Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(`{{${name}}}`, JSON.stringify(value).slice(1, -1)),
    document,
  )

const assets = {
  'swagger-ui-bundle.js': javascript,
  'swagger-ui.css': css,
}
