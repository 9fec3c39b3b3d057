import { isDeepStrictEqual } from 'node:util'
import type Type from 'typebox'
import { idOf, referenceTo } from '../schema.ts'

/** A schema as it stands in a document. */
export type JsonSchema = { [keyword: string]: unknown }

/**
 * Turns schemas that embed each other by value into components of a document that refer to each other by name,
 * collecting the components on the way.
 */
export class Components {
  readonly #schemas = new Map<string, JsonSchema>()

  /** The schema as it is to be written where it is used: a reference where it has a name, itself where it has none. */
  refer(schema: Type.TSchema): JsonSchema {
    const id = idOf(schema)
    if (id === undefined) return this.write(schema)
    this.#collect(id, schema)
    // OpenAPI 3.1 lets a description stand beside a reference; it is about this use of the schema.
    return { $ref: referenceTo(id), ...('usage' in schema ? { description: schema.usage } : {}) }
  }

  /** The schema in full, with references to the named ones inside it. */
  write(schema: Type.TSchema): JsonSchema {
    const written: JsonSchema = {}
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === '$id' || keyword === 'usage') continue
      written[keyword] = this.#writeKeyword(keyword, value)
    }
    return written
  }

  /** All components, in the order of their names. */
  sorted(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].sort(([one], [other]) => (one < other ? -1 : 1)))
  }

  #collect(id: string, schema: Type.TSchema): void {
    const written = this.write(schema)
    const known = this.#schemas.get(id)
    if (known && !isDeepStrictEqual(known, written)) throw new Error(`Two different schemas are named ${id}.`)
    this.#schemas.set(id, written)
  }

  #writeKeyword(keyword: string, value: unknown): unknown {
    if ((keyword === 'items' || keyword === 'additionalProperties') && isObject(value)) return this.refer(value)
    if (keyword === 'oneOf' && Array.isArray(value)) return value.map((variant) => this.refer(variant))
    if (keyword !== 'properties' || !isObject(value)) return value
    const properties = Object.entries(value)
    return Object.fromEntries(properties.map(([name, property]) => [name, this.refer(property)]))
  }
}

const isObject = (value: unknown): value is Record<string, Type.TSchema> => typeof value === 'object' && value !== null
