import type { OperationDefinition } from '@naru/contract'
import type { Schema } from '../../../src/http/explain.ts'
import { inputReader } from '../../../src/http/input.ts'
import { Problem } from '../../../src/http/json.ts'
import type { Fragment } from '../fuzz-books.ts'
import type { Input } from '../fuzz-requests.ts'
import type { Known } from '../fuzz-values.ts'
import { build } from './build.ts'
import { type InputField, schemaOf } from './fields.ts'

/** A value that the schema and its name fit, and nothing is wrong with. */
const fair = (name: string, schema: Schema): unknown => {
  if (name.endsWith('usinessRegistrationNumber')) return '1234567890'
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  switch (schema.format) {
    case 'date':
      return '2026-03-01'
    case 'date-time':
      return '2099-12-30T03:00:00Z'
    case 'account-number':
      return '110234567890'
    case 'second-factor-code':
      return '123456'
    default:
      return `some-${name}`
  }
}

/** The least request of an operation that nothing is wrong with in itself. */
export const leastRequest = (definition: OperationDefinition): Input => {
  const made = (part: InputField['part']): object | undefined => {
    const schema = schemaOf(definition, part)
    return schema && Object(build(schema, part, fair, {}))
  }
  return { path: made('path'), query: made('query'), body: made('body') }
}

/** The least request of an operation that has a value at a field. What is known to fit together stands in it as it is. */
export const requestWith = (field: InputField, value: unknown, known: Known = {}, together: Fragment = {}): Input => {
  const made = (part: InputField['part']): object | undefined => {
    const schema = schemaOf(field.definition, part)
    if (schema === undefined) return undefined
    if (part !== field.part) return { ...Object(build(schema, part, fair, known)), ...together[part] }
    const own = Object(build(schema, part, fair, known, { steps: field.steps, value }))
    const [first] = field.steps
    const key = first?.kind === 'field' ? first.key : ''
    return { ...own, ...together[part], [key]: own[key] }
  }
  return { path: made('path'), query: made('query'), body: made('body') }
}

const readers = new Map<string, ReturnType<typeof inputReader>>()

/** What the door finds wrong with a request that has a value at a field. */
export const problemWith = (field: InputField, value: unknown): Problem | undefined => {
  const reader = readers.get(field.operation) ?? inputReader(field.definition)
  readers.set(field.operation, reader)
  const { path, query, body } = requestWith(field, value)
  const parameters = Object.entries({ ...query }).map(([name, one]) => `${name}=${encodeURIComponent(String(one))}`)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const isInQuery = field.definition.bodyIn === 'query'
  if (isInQuery && text !== undefined) parameters.push(`requestBody=${encodeURIComponent(text)}`)
  const input = reader({
    url: `/?${parameters.join('&')}`,
    path: Object.fromEntries(Object.entries({ ...path }).map(([name, one]) => [name, String(one)])),
    body: text === undefined || isInQuery ? undefined : Buffer.from(text),
  })
  return input instanceof Problem ? input : undefined
}
