import type { Schema } from './explain.ts'

/** Completes a value in place. */
export type FillIn = (value: unknown) => void

/**
 * Fills in the schema's defaults for what a client left out; `undefined` for a schema without defaults, as most are. Does
 * not look into unions, none of which has one.
 */
export const defaultsOf = (schema: Schema): FillIn | undefined => {
  if (schema.type === 'array') return inItems(schema)
  return schema.type === 'object' ? inFields(schema) : undefined
}

const inItems = ({ items }: Schema): FillIn | undefined => {
  const fillIn = items && defaultsOf(items)
  return fillIn && ((value) => Array.isArray(value) && value.forEach(fillIn))
}

const inFields = ({ properties = {} }: Schema): FillIn | undefined => {
  const fields = Object.entries(properties).flatMap(([name, field]): FieldFillIn[] => {
    const fillIn = defaultsOf(field)
    if (field.default === undefined && fillIn === undefined) return []
    return [(record) => (record[name] === undefined ? absent(record, name, field) : fillIn?.(record[name]))]
  })
  if (fields.length === 0) return undefined
  return (value) => {
    if (isRecord(value)) for (const fillIn of fields) fillIn(value)
  }
}

type FieldFillIn = (record: Record<string, unknown>) => void

/** A copy: a handler's change to one request's value must not reach the next. */
const absent = (record: Record<string, unknown>, name: string, field: Schema): void => {
  if (field.default !== undefined) record[name] = structuredClone(field.default)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
