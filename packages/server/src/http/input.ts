import type { OperationDefinition } from '@naru/contract'
import { isAddressable, isStorable } from '../kernel/text.ts'
import { defaultsOf } from './defaults.ts'
import { explain, type Schema } from './explain.ts'
import { InexactProblem, type Nulls, Problem, parseBytes, parseText } from './json.ts'
import { misspeltInChange, misspeltParameter, parseQuery, readParameters, unknownParameter } from './query.ts'
import { meantForTest, unknownField, unknownInFilter, unknownNear } from './unknown-fields.ts'
import { type Validator, validator } from './validators.ts'

/** A request before validation. */
export type RawInput = {
  /** As received: percent-encoded, with the query. */
  readonly url: string
  /** Decoded segment by segment, so that `%2F` is part of an id. */
  readonly path: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

export type Input = { readonly path: object; readonly query: object; readonly body: unknown }

/** Reads and validates the requests of one operation. `isStrict` refuses parameters and fields that it does not have, and nulls. */
export type InputReader = (raw: RawInput) => Input | Problem

export const inputReader = (definition: OperationDefinition, isStrict = false): InputReader => {
  const readBody = bodyReader(definition, isStrict)
  const readQuery = queryReader(definition)
  const known = parametersOf(definition)
  const isChosenByQuery = choosesByQuery(definition)
  const strayParameter = isStrict ? unknownParameter : tolerantOf(definition)
  const checkPath = definition.method === 'GET' ? checkReadPath : checkWritePath
  const validatePath = definition.pathParameters && validator(definition.pathParameters)
  return ({ url, path, body: bytes }) => {
    const problem = checkPath(path) ?? validatePath?.(path)
    if (problem) return problem
    const parameters = parseQuery(url)
    if (parameters instanceof Problem) return parameters
    const stray = strayParameter(known, parameters)
    if (stray) return stray
    const query = readQuery(parameters)
    if (query instanceof Problem) return query
    const body = readBody(bytes, parameters.get('requestBody'))
    if (body instanceof Problem) return body
    const live = isChosenByQuery ? meantForTest(body ?? unread(bytes), query) : undefined
    return live ?? { path, query, body }
  }
}

const tolerantOf = (definition: OperationDefinition) =>
  changesPlatform(definition) ? misspeltInChange : misspeltParameter

const changesPlatform = ({ method, path }: OperationDefinition): boolean =>
  method !== 'GET' && /^\/platform\b/.test(path)

/** Whether it changes a platform and says which by the query alone. */
const choosesByQuery = (definition: OperationDefinition): boolean =>
  changesPlatform(definition) &&
  hasProperty(definition.queryParameters, 'test') &&
  !hasProperty(definition.body, 'isForTest')

const hasProperty = (schema: Schema | undefined, name: string): boolean => Object.hasOwn(schema?.properties ?? {}, name)

/** What was sent to an operation that reads no body. */
const unread = (bytes: Buffer | undefined): unknown => {
  const given = parseBytes(bytes, 'absent')
  return given instanceof Problem ? undefined : given
}

/** Reading an id that cannot exist finds nothing. Only what the database cannot be asked for is refused. */
const checkReadPath = (path: RawInput['path']): Problem | undefined => {
  for (const [name, value] of Object.entries(path)) {
    if (!isStorable(value)) return new Problem(name, 'not contain the NUL character')
  }
  return undefined
}

/** Writes choose ids. An id that no URL can address could never be read. */
const checkWritePath = (path: RawInput['path']): Problem | undefined => {
  for (const [name, value] of Object.entries(path)) {
    if (!isAddressable(value))
      return new Problem(name, 'be 1 to 255 printable characters, not blank, and neither "." nor ".."')
  }
  return undefined
}

const parametersOf = ({ queryParameters, bodyIn }: OperationDefinition): readonly string[] => {
  const inQuery = bodyIn === 'query' || bodyIn === 'query-or-body' ? ['requestBody'] : []
  return [...Object.keys(queryParameters?.properties ?? {}), ...inQuery]
}

const queryReader = ({ queryParameters }: OperationDefinition) => {
  if (queryParameters === undefined) return () => ({})
  const validate = validator(queryParameters)
  return (parameters: ReadonlyMap<string, string>): object | Problem => {
    const values = readParameters(queryParameters, parameters)
    return validate(values) ?? values
  }
}

type BodyReader = (bytes: Buffer | undefined, parameter: string | undefined) => unknown

const bodyReader = (definition: OperationDefinition, isStrict: boolean): BodyReader => {
  if (definition.body === undefined) return isStrict ? noBody : () => undefined
  const { bodyIn, bodyRequired } = definition
  const fits = validator(definition.body)
  const { body: schema } = definition
  const stray = strayIn(definition, isStrict)
  const validate = stray === undefined ? fits : (value: unknown) => fits(value) ?? stray(schema, value)
  const fillIn = defaultsOf(definition.body)
  return (bytes, parameter) => {
    const given = parse(bodyIn, bytes, parameter, isStrict ? 'refused' : 'absent')
    if (given instanceof InexactProblem) return explain(schema, given.value) ?? given
    if (given instanceof Problem) return given
    fillIn?.(given)
    if (given !== undefined) return validate(given) ?? given
    return absentBody(validate, bodyIn !== 'body' && bodyRequired)
  }
}

/** Who gives fields to an operation that has none means to choose something, and it acts on everything. */
const noBody: BodyReader = (bytes) => {
  const given = parseBytes(bytes, 'refused')
  return given instanceof Problem ? given : unknownField({ properties: {} }, given)
}

/** What finds a field that the operation does not tolerate, if it does not tolerate all. */
const strayIn = ({ isBodyStrict, isFilterStrict, moneyFields, path }: OperationDefinition, isStrict: boolean) => {
  if (isBodyStrict ?? isStrict) return unknownField
  if (moneyFields) return unknownNear(isFilterStrict ? ['filter', ...moneyFields] : moneyFields, ownIdOf(path))
  return isFilterStrict ? unknownInFilter : undefined
}

/** `transferId` for `/platform/transfers/order`: how what refers to it calls its `id`. */
const ownIdOf = (path: string): string | undefined => {
  const [, words] = /^\/platform\/([a-z-]+)/.exec(path) ?? []
  const singular = words?.replace(/ies$/, 'y').replace(/s$/, '')
  return singular && `${singular.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Id`
}

/** If the object comes both in the query and the body, the query parameter wins. */
const parse = (
  bodyIn: 'body' | 'query' | 'query-or-body',
  bytes: Buffer | undefined,
  parameter: string | undefined,
  nulls: Nulls,
) => {
  if (bodyIn === 'body') return parseBytes(bytes, nulls)
  if (parameter !== undefined) return parseText(parameter, 'requestBody', nulls)
  return bodyIn === 'query' ? undefined : parseBytes(bytes, nulls)
}

/** No body is the same as `{}` for an operation whose fields are all optional: PortOne's own examples send none. */
const absentBody = (validate: Validator, mustBeGiven: boolean): object | Problem => {
  if (mustBeGiven) return new Problem('requestBody', 'be given, as a query parameter or as the request body')
  const empty = {}
  const problem = validate(empty)
  return problem ? new Problem('', `be a JSON object: ${problem.message}`) : empty
}
