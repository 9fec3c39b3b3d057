import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { malformedAt } from './malformed.ts'

test('says in which line and column a text stops being JSON', () => {
  for (const [text, line, column] of [
    ['', 1, 1],
    ['{', 1, 2],
    ['{"a":1,}', 1, 8],
    ['{"a":1 "b":2}', 1, 8],
    ['{"a" 1}', 1, 6],
    ["{'a':1}", 1, 2],
    ['{\n  "a": 1,\n  "b": nope\n}', 3, 8],
    ['[1,2', 1, 5],
    ['[1,]', 1, 4],
    ['[01]', 1, 3],
    ['{"a":1}}', 1, 8],
    ['{"a":"b\nc"}', 1, 6],
    ['{"a":"\\x"}', 1, 6],
    ['reason=r', 1, 1],
  ] as const)
    assert.deepEqual(malformedAt(text), { line, column }, text)
})

const mistakes = fc.oneof(
  fc.json(),
  fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '}', ',', ':', 'x', '\n')).map(([text, place, inserted]) => {
    const index = place % (text.length + 1)
    return `${text.slice(0, index)}${inserted}${text.slice(index + (inserted === '' ? 1 : 0))}`
  }),
)

test('agrees with JSON.parse on what is JSON', () => {
  fc.assert(
    fc.property(fc.oneof(mistakes, fc.string({ unit: 'binary' }), fc.string()), (text) => {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      assert.equal(malformedAt(text) === undefined, isJson)
    }),
    { numRuns: 2_000 },
  )
})
