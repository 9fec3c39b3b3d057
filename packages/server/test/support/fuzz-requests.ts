import type { OperationDefinition } from '@naru/contract'
import fc from 'fast-check'
import { request } from './api.ts'
import type { Fragment } from './fuzz-books.ts'
import { type Known, type Shape, valuesOf } from './fuzz-values.ts'

/** One request of an operation. */
export type Input = {
  readonly path?: object | undefined
  readonly query?: object | undefined
  readonly body?: unknown
}

const objectOf = (value: unknown): object | undefined =>
  typeof value === 'object' && value !== null ? value : undefined

/** Seven in ten requests are such as a client might send, the others have something absurd or missing in them. */
export const inputsOf = (
  definition: OperationDefinition,
  known: Known,
  together: readonly Fragment[],
  foreign: Known,
) => {
  const { pathParameters, queryParameters, body } = definition
  const input = (isSpoiled: boolean, of: Known): fc.Arbitrary<Input> => {
    const part = (name: string, shape: Shape | undefined, spoiled = isSpoiled) =>
      shape ? valuesOf(name, shape, { known: of, isSpoiled: spoiled }) : fc.constant(undefined)
    return fc.record({
      path: part('path', pathParameters, false).map(objectOf),
      query: part('query', queryParameters).map(objectOf),
      body: part('body', body),
    })
  }
  const fair = input(false, known)
  const fitting =
    together.length === 0
      ? fair
      : fc.tuple(fair, fc.constantFrom(...together)).map(([made, one]) => ({
          ...made,
          ...(one.path && { path: { ...made.path, ...one.path } }),
          ...(one.query && { query: { ...made.query, ...one.query } }),
          ...(one.body && { body: Object.assign({}, made.body, one.body) }),
        }))
  const any = fc.oneof(
    { weight: 4, arbitrary: fitting },
    { weight: 2, arbitrary: fair },
    { weight: 1, arbitrary: input(false, foreign) },
    { weight: 3, arbitrary: input(true, known) },
  )
  return { any: any.filter(isSoon), fitting: fitting.filter(isSoon) }
}

/** A clock that is moved by decades asks about each doubt hundreds of times on the way, which is right, and takes minutes. */
const isSoon = ({ body }: Input): boolean => {
  const { to, days = 0, hours = 0, minutes = 0 }: Readonly<Record<string, unknown>> = { ...objectOf(body) }
  const isLate = typeof to === 'string' && to.startsWith('2099')
  return !isLate && !(Number(days) > 30 || Number(hours) > 700 || Number(minutes) > 40_000)
}

/** Sends a request to a server, and returns its answer. */
export const send = (
  url: string,
  definition: OperationDefinition,
  authorization: string,
  { path, query, body }: Input,
) => {
  const text = (value: unknown) => encodeURIComponent(String(value).toWellFormed())
  const filled = Object.entries(path ?? {}).reduce(
    (route, [name, value]) => route.replace(`{${name}}`, () => text(value)),
    String(definition.path),
  )
  const inQuery = body !== undefined && definition.method === 'GET' ? { requestBody: JSON.stringify(body) } : {}
  const search = Object.entries(Object.assign({}, query, inQuery)).map(([name, value]) => `${name}=${text(value)}`)
  return request(url, {
    method: definition.method,
    path: `${filled}${search.length === 0 ? '' : `?${search.join('&')}`}`,
    headers: { authorization },
    body: body === undefined || definition.method === 'GET' ? undefined : JSON.stringify(body),
  })
}
