import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApiDocument } from './openapi.ts'
import { operationEntries } from './operations.ts'

type Node = { readonly [key: string]: unknown }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object of a document, with where it stands. */
function* nodes(value: unknown, at = '#'): Generator<[string, Node]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* nodes(item, `${at}/${index}`)
  if (!isNode(value)) return
  yield [at, value]
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${at}/${key}`)
}

const document = openApiDocument()
const { schemas } = document.components
const pointsToASchema = (reference: unknown): boolean =>
  typeof reference === 'string' && Object.hasOwn(schemas, reference.replace('#/components/schemas/', ''))

test('the document is the same whenever it is made', () => {
  assert.equal(JSON.stringify(openApiDocument()), JSON.stringify(document))
})

test('the document survives JSON unchanged', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document)
})

test('the document names a server only when given one', () => {
  assert.equal('servers' in document, false)
  assert.deepEqual(openApiDocument({ serverUrl: 'https://pay.example' }).servers, [{ url: 'https://pay.example' }])
})

test('the document holds every operation of the table, and nothing else', () => {
  const documented = Object.values(document.paths).flatMap((path) => Object.values(path).map((one) => one.operationId))
  assert.deepEqual(
    documented.toSorted(),
    operationEntries()
      .map(([id]) => id)
      .toSorted(),
  )
})

test('every tag of an operation is described', () => {
  const described = new Set(document.tags.map(({ name }) => name))
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path)) for (const tag of operation.tags) assert.ok(described.has(tag), tag)
})

test('no reference dangles', () => {
  for (const [at, node] of nodes(document)) if ('$ref' in node) assert.ok(pointsToASchema(node.$ref), at)
})

test('no name or use of our own is left in the document', () => {
  for (const [at, node] of nodes(document)) {
    assert.equal('$id' in node, false, at)
    assert.equal('usage' in node && !at.endsWith('/properties'), false, at)
  }
})

test('every discriminator maps to its own variants, and each of them carries the value', () => {
  for (const [at, node] of nodes(document)) {
    if (!isNode(node.discriminator) || !Array.isArray(node.oneOf)) continue
    const { propertyName, mapping } = node.discriminator
    assert.ok(isNode(mapping) && typeof propertyName === 'string', at)
    assert.deepEqual(new Set(node.oneOf.map(({ $ref }) => $ref)), new Set(Object.values(mapping)), at)
    for (const [value, reference] of Object.entries(mapping)) assert.equal(tagOf(reference, propertyName), value, at)
  }
})

const tagOf = (reference: unknown, propertyName: string): unknown => {
  const schema = schemas[String(reference).replace('#/components/schemas/', '')]
  const property = isNode(schema?.properties) ? schema.properties[propertyName] : undefined
  return isNode(property) ? property.const : undefined
}

test('every schema and every amount is described', () => {
  for (const [name, schema] of Object.entries(schemas)) assert.ok(schema.description, name)
  for (const [at, node] of nodes(schemas)) if (node.format === 'int64') assert.ok(node.description, at)
})

test('every field that is not a schema with a name is described, but for tags', () => {
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isNode(schema.properties)) continue
    for (const [field, property] of Object.entries(schema.properties)) {
      assert.ok(isNode(property))
      assert.ok('$ref' in property || 'const' in property || property.description, `${name}.${field}`)
    }
  }
})

test('every operation is summed up and described, with its parameters and errors', () => {
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path)) {
      assert.ok(operation.summary && operation.description, operation.operationId)
      for (const { name, description } of operation.parameters ?? [])
        assert.ok(description, `${operation.operationId} ${name}`)
      for (const [status, response] of Object.entries(operation.responses))
        assert.ok(response.description, `${operation.operationId} ${status}`)
    }
})
