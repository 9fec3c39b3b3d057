import { registerFormats } from '@naru/contract'
import type Type from 'typebox'
import { Compile } from 'typebox/compile'
import { explain } from './explain.ts'
import { Problem } from './json.ts'
import { misspelt } from './unknown-fields.ts'

/** Holds values to one schema of the contract; nothing where the value fits. */
export type Validator = (value: unknown) => Problem | undefined

/**
 * Compiles a schema when it is first needed. Compiling one takes about a millisecond, which the first request to an
 * operation does not notice, while all of them together would keep the server from starting for as long.
 */
export const validator = (schema: Type.TSchema): Validator => {
  let fits: ((value: unknown) => boolean) | undefined
  return (value) => {
    fits ??= compile(schema)
    if (fits(value)) return undefined
    const { field, expectation, hint } = explain(schema, value) ?? new Problem('', 'fit the API documentation')
    return new Problem(field, expectation, hint ?? misspelt(schema, value))
  }
}

/** Schemas are constants: servers that run in one process, as in tests, compile each of them once. */
const compile = (schema: Type.TSchema): ((value: unknown) => boolean) => {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  registerFormats()
  const validator = Compile(schema)
  const fits = (value: unknown): boolean => validator.Check(value)
  compiled.set(schema, fits)
  return fits
}

const compiled = new WeakMap<Type.TSchema, (value: unknown) => boolean>()
