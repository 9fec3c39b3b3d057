import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { errorSchema, errors, isErrorType } from './errors.ts'
import { registerFormats } from './formats.ts'
import { operationEntries } from './operations.ts'

registerFormats()

test('no two operations share a method and path', () => {
  const routes = operationEntries().flatMap(([, { method, path, aliases = [] }]) =>
    [path, ...aliases].map((one) => `${method} ${one.replaceAll(/\{\w+\}/g, '{}')}`),
  )
  assert.deepEqual(routes.toSorted(), [...new Set(routes)].toSorted())
})

test('the parameters in a path are the ones declared', () => {
  for (const [id, { path, pathParameters }] of operationEntries()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    assert.deepEqual(Object.keys(pathParameters?.properties ?? {}).toSorted(), inPath.toSorted(), id)
    assert.deepEqual(pathParameters?.required?.toSorted() ?? [], inPath.toSorted(), id)
  }
})

test('only the control API lives under /sandbox/', () => {
  for (const [id, { path, category }] of operationEntries())
    assert.equal(path.startsWith('/sandbox/'), category === 'sandbox', id)
})

test('the errors of an operation exist, each listed once', () => {
  for (const [id, operation] of operationEntries()) {
    for (const type of operation.errors) assert.ok(Object.hasOwn(errors, type), `${id} ${type}`)
    assert.equal(new Set(operation.errors).size, operation.errors.length, id)
    assert.equal(
      operation.errors.includes('UNAUTHORIZED'),
      operation.authenticated || operation.category === 'auth',
      id,
    )
  }
})

test('what GET or DELETE takes as a body can be given in the query', () => {
  for (const [id, { method, bodyIn }] of operationEntries())
    if (method === 'GET' || method === 'DELETE') assert.notEqual(bodyIn, 'body', id)
})

test('only GET answers with a file: what an Idempotency-Key keeps is JSON', () => {
  for (const [id, { method, successType }] of operationEntries())
    assert.equal(successType !== undefined && method !== 'GET', false, id)
})

test('every schema of a request, a response and an error compiles', () => {
  for (const [id, { pathParameters, queryParameters, body, success }] of operationEntries())
    for (const schema of [pathParameters, queryParameters, body, success])
      if (schema) assert.ok(Compile(schema).IsAccelerated(), id)
  for (const type of Object.keys(errors).filter(isErrorType))
    assert.ok(Compile(errorSchema(type)).IsAccelerated(), type)
})
