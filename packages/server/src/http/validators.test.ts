import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operationEntries, registerFormats } from '@naru/contract'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { explain, type Schema } from './explain.ts'
import { validator } from './validators.ts'

const bodies = operationEntries().flatMap(([id, { body }]) => (body === undefined ? [] : [{ id, body }]))

/** Keywords that say something about a value, or nothing at all. */
const explained = [
  'type const enum properties required additionalProperties items oneOf discriminator',
  'format minimum maximum minLength maxLength minItems maxItems',
].flatMap((line) => line.split(' '))
const silent = '$id description usage default'.split(' ')

const keywordsOf = (schema: Schema): string[] => [
  ...Object.keys(schema),
  ...[
    ...Object.values(schema.properties ?? {}),
    ...(schema.oneOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ].flatMap(keywordsOf),
]

test('every keyword by which the contract refuses a request can be explained', () => {
  const known = new Set([...explained, ...silent])
  for (const { id, body } of bodies) {
    for (const keyword of keywordsOf(body)) assert.ok(known.has(keyword), `${id} uses ${keyword}`)
  }
})

/** So many characters, each of which JavaScript counts twice. */
const smiles = (count: number): string => '😀'.repeat(count)

/** JSON that comes close to a schema: mostly right in its shape, and wrong somewhere. */
const near = (schema: Schema): fc.Arbitrary<unknown> => {
  const wrong = { arbitrary: fc.jsonValue({ maxDepth: 1 }), weight: 1 }
  const right = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ arbitrary, weight: 12 }, wrong)
  if (schema.oneOf) return right(fc.oneof(...schema.oneOf.map(near)))
  if (schema.const !== undefined) return right(fc.constant(schema.const))
  if (schema.enum) return right(fc.constantFrom(...schema.enum))
  if (typeof schema.type === 'object') return right(fc.oneof(...schema.type.map((type) => near({ ...schema, type }))))
  switch (schema.type) {
    case 'object': {
      if (typeof schema.additionalProperties === 'object')
        return right(fc.dictionary(fc.string(), near(schema.additionalProperties), { maxKeys: 3 }))
      const fields = Object.entries(schema.properties ?? {}).map(([key, field]) => [key, near(field)] as const)
      const [first] = schema.required ?? []
      const requiredKeys = (schema.required ?? []).filter((key) => key !== first)
      return right(fc.record(Object.fromEntries(fields), { requiredKeys }))
    }
    case 'array':
      return right(
        fc.oneof(
          fc.array(near(schema.items ?? {}), { maxLength: 3 }),
          ...(schema.maxItems === undefined ? [] : [fc.constant(Array(schema.maxItems + 1).fill('x'))]),
        ),
      )
    case 'string':
      return right(
        schema.format === undefined
          ? fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(255, 256, 257).map(smiles))
          : fc.constantFrom('2026-01-31', '2026-01-31T09:00:00Z', 'x', 'a/b', '.', ' '),
      )
    case 'boolean':
      return right(fc.boolean())
    case 'integer':
      return right(fc.oneof(fc.integer(), fc.constantFrom(0.5, 2 ** 31, 2 ** 53)))
    default:
      return fc.jsonValue()
  }
}

test('what the validator refuses is explained by the field at fault, and nothing else is', () => {
  registerFormats()
  for (const { id, body } of bodies) {
    const compiled = Compile(body)
    const validate = validator(body)
    fc.assert(
      fc.property(near(body), (value) => {
        const problem = explain(body, value)
        assert.equal(problem === undefined, compiled.Check(value), `${id}: ${problem?.message}`)
        assert.equal(validate(value)?.message, problem?.message)
      }),
      { numRuns: 60 },
    )
  }
})
