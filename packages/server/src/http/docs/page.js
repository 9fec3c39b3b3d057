import { resolvePlugin } from './resolve.js'
import { createSearch } from './search.js'
import { createTryOut } from './try-out.js'

const fetched = async (path) => (await fetch(path)).json()
const [spec, korean] = await Promise.all([fetched('/openapi.json'), fetched('/docs/korean.json')])
const isKorean = navigator.language.startsWith('ko')
document.documentElement.lang = isKorean ? 'ko' : 'en'

const search = createSearch(spec, korean.summaries, isKorean)

if (isKorean) {
  spec.info.description = korean.description
  for (const operation of Object.values(spec.paths).flatMap(Object.values))
    operation.summary = korean.summaries[operation.operationId]
  for (const tag of spec.tags) tag.description = korean.categories[tag.name]
}

const ui = window.SwaggerUIBundle({
  spec,
  dom_id: '#docs',
  deepLinking: true,
  filter: '',
  // All operations at once take seconds to draw.
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [resolvePlugin, search.plugin],
  ...createTryOut(spec, isKorean),
})
search.begin(ui)
