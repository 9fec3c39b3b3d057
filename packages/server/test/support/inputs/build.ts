import type { Schema } from '../../../src/http/explain.ts'
import type { Known } from '../fuzz-values.ts'
import { entryKey, type Step } from './fields.ts'

/** The value at the end of the steps; everything that must be beside it is filled in. */
export type Wanted = { readonly steps: readonly Step[]; readonly value: unknown }

/** Makes values for a field of this name that nothing is wrong with. */
export type Fair = (name: string, schema: Schema) => unknown

/** The least value of a schema that holds what is wanted. */
export const build = (schema: Schema, name: string, fair: Fair, known: Known, wanted?: Wanted): unknown => {
  const [step, ...rest] = wanted?.steps ?? []
  if (wanted && step === undefined) return wanted.value
  const inside: Wanted | undefined = wanted && { steps: rest, value: wanted.value }
  if (schema.oneOf) {
    const index = step?.kind === 'variant' ? step.index : 0
    return build(schema.oneOf[index] ?? {}, name, fair, known, inside)
  }
  if (step === undefined) {
    const value = Object.hasOwn(known, name) ? known[name]?.find((one) => fits(schema, one)) : undefined
    if (value !== undefined) return value
  }
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.properties) {
    const required = Object.keys(schema.properties).filter((key) => schema.required?.includes(key))
    const keys = step?.kind === 'field' ? [...new Set([...required, step.key])] : required
    return Object.fromEntries(
      keys.map((key) => {
        const isWanted = step?.kind === 'field' && step.key === key
        return [key, build(schema.properties?.[key] ?? {}, key, fair, known, isWanted ? inside : undefined)]
      }),
    )
  }
  if (schema.items) {
    if (step?.kind === 'item') return [build(schema.items, name, fair, known, inside)]
    return Array.from({ length: schema.minItems ?? 0 }, () => build(schema.items ?? {}, name, fair, known))
  }
  if (typeof schema.additionalProperties === 'object')
    return step?.kind === 'entry' ? { [entryKey]: build(schema.additionalProperties, name, fair, known, inside) } : {}
  return fair(name, schema)
}

const fits = ({ type }: Schema, value: unknown): boolean => {
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return type === typeof value && !Array.isArray(value)
}
