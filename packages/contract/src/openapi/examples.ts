import { type Example, examples, type Title } from '../examples/index.ts'

/** As OpenAPI has them beside a schema: one example, or several by name. */
export type Shown = {
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>
}

const exampleOf = (id: string): Example | undefined => new Map(Object.entries(examples)).get(id)

export const parameterExamples = (id: string, place: 'path' | 'query', name: string): Shown =>
  place === 'query' ? shown(id, ({ query }) => query?.[name]) : shown(id, ({ path }) => path?.[name])

export const bodyExamples = (id: string): Shown => shown(id, ({ body }) => body)

type Part = Pick<Example, 'path' | 'query' | 'body'>

const shown = (id: string, partOf: (example: Part) => unknown): Shown => {
  const example = exampleOf(id)
  const value = example && partOf(example)
  if (value === undefined) return {}
  if (example?.variants === undefined) return { example: value }
  const others = Object.entries(example.variants).map(([name, variant]) => [
    name,
    entry(variant.title, partOf(variant)),
  ])
  const first = example.title ?? { en: 'Default', ko: '기본' }
  return { examples: { usual: entry(first, value), ...Object.fromEntries(others) } }
}

const entry = ({ en, ko }: Title, value: unknown) => ({ summary: `${en} · ${ko}`, value })

/** What whoever sends the example has to do first, as sentences. */
export const beforeExample = (id: string): readonly string[] => {
  const example = exampleOf(id)
  if (example === undefined) return []
  const taken = [...JSON.stringify({ ...example, variants: undefined }).matchAll(/\{\{([\w/]+)\./g)].map(
    ([, name = '']) => name,
  )
  const earlier = [...new Set([...(example.after ?? []), ...taken])].map((name) => `\`${name}\``)
  return [
    ...(earlier.length === 0 ? [] : [`Before its example, send those of ${earlier.join(', ')}.`]),
    ...(example.needs === undefined ? [] : [`Its example needs something: ${example.needs}`]),
  ]
}
