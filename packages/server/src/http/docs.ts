import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { openApiDocument } from '@naru/contract'
import type { FastifyInstance } from 'fastify'

/**
 * `/openapi.json` and a page to read it by, which works without a network: everything it needs comes from here.
 * Swagger UI over Scalar and Redoc: a third of their size, no fonts from elsewhere, and files that are simply served.
 */
export const serveDocs = (app: FastifyInstance): void => {
  let document: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocument())
    return reply.type('application/json; charset=utf-8').send(document)
  })
  app.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(page))
  const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  for (const [name, type] of Object.entries(assets))
    app.get(`/docs/${name}`, (_request, reply) =>
      reply
        .type(type)
        .header('cache-control', 'max-age=3600')
        .send(createReadStream(join(directory, name))),
    )
}

const assets = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Naru API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#docs', deepLinking: true, filter: true, docExpansion: 'list',
  defaultModelsExpandDepth: -1, displayRequestDuration: true, persistAuthorization: true, validatorUrl: null,
})
</script>
</body>
</html>
`
