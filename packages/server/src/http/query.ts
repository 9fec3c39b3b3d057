import { isNearly } from '@naru/contract/likeness'
import { isStorable } from '../kernel/text.ts'
import { isExactNumber } from './exact-number.ts'
import type { Schema } from './explain.ts'
import { Problem } from './json.ts'

/** The parameters of a URL's query, decoded. Given twice, a parameter is ambiguous and refused. */
export const parseQuery = (url: string): Map<string, string> | Problem => {
  const parameters = new Map<string, string>()
  const start = url.indexOf('?')
  if (start < 0) return parameters
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined) return new Problem('The query', 'be percent-encoded UTF-8')
    if (!isStorable(value)) return new Problem(name, 'not contain the NUL character')
    if (parameters.has(name)) return new Problem(named(name), 'be given only once')
    parameters.set(name, value)
  }
  return parameters
}

/** In a query, unlike in a path, `+` is a space. */
const decode = (text: string): string | undefined => {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/**
 * The parameters in the schema, converted to its types. A value that does not fit its type stays text, which validation then
 * refuses.
 */
export const readParameters = (schema: Schema, parameters: ReadonlyMap<string, string>): Record<string, unknown> => {
  const values: Record<string, unknown> = {}
  for (const [name, { type }] of Object.entries(schema.properties ?? {})) {
    const text = parameters.get(name)
    if (text !== undefined) values[name] = coerce(text, type)
  }
  return values
}

const coerce = (text: string, type: Schema['type']): unknown => {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  const isNumber =
    (type === 'integer' && /^-?\d{1,16}$/.test(text)) || (type === 'number' && /^-?\d{1,16}(\.\d{1,16})?$/.test(text))
  return isNumber && isExactNumber(text) ? Number(text) : text
}

/** The first parameter that an operation does not have, for operations that tolerate none. */
export const unknownParameter = (
  known: readonly string[],
  parameters: ReadonlyMap<string, string>,
): Problem | undefined => {
  const unknown = [...parameters.keys()].find((name) => !known.includes(name))
  if (unknown === undefined) return undefined
  const hint = known.length === 0 ? 'This operation has none.' : `This operation has ${together.format(known)}.`
  return new Problem(named(unknown), 'not be given: there is no such parameter', hint)
}

/**
 * The first parameter that an operation does not have and that looks like one it has. Others are ignored, since clients may be newer
 * than the server, and proxies add their own; but `tset=true` would act on the live platform.
 */
export const misspeltParameter = (
  known: readonly string[],
  parameters: ReadonlyMap<string, string>,
): Problem | undefined => {
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue
    const meant = known.find((other) => isNearly(name, other) || (other === 'test' && isFlag(name)))
    if (meant !== undefined) return misspeltAs(name, meant)
  }
  return undefined
}

/**
 * As `misspeltParameter`, for operations that change a platform: also a parameter in brackets, as some clients write lists, and one
 * that says in other words which platform is meant.
 */
export const misspeltInChange = (
  known: readonly string[],
  parameters: ReadonlyMap<string, string>,
): Problem | undefined => {
  const misspelt = misspeltParameter(known, parameters)
  if (misspelt) return misspelt
  for (const [name, value] of parameters) {
    if (known.includes(name)) continue
    const [listed] = name.split('[', 1)
    const meant = known.find((other) => other === listed || (other === 'test' && choosesPlatform(name, value)))
    if (meant !== undefined) return misspeltAs(name, meant)
  }
  return undefined
}

const misspeltAs = (name: string, meant: string): Problem =>
  new Problem(named(name), 'not be given: there is no such parameter', `Did you mean ${meant}?`)

/** `live=false` and `environment=test`, but not `latest=1`. */
const choosesPlatform = (name: string, value: string): boolean =>
  ['test', 'sandbox'].includes(value.toLowerCase()) ||
  wordsOf(name).some((word) => ['test', 'testing', 'live', 'sandbox'].includes(word))

/** `isLive`, `is_live` and `is-live` have the same. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)

/** What bodies call it, and other APIs. */
const isFlag = (name: string): boolean =>
  ['isfortest', 'fortest', 'istest', 'testmode'].includes(name.toLowerCase().replaceAll(/[_-]/g, ''))

const named = (parameter: string): string => `The query parameter ${JSON.stringify(parameter)}`

const together = new Intl.ListFormat('en-GB')
