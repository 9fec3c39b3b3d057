import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Places } from './places.ts'

test('no more goes on at once than there are places, and what waits comes in order, also after a failure', async () => {
  const places = new Places(2)
  const begun: number[] = []
  const works = Array.from({ length: 5 }, (_, number) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const done = places.run(() => {
      begun.push(number)
      return promise
    })
    return { done, resolve: () => resolve(number), reject }
  })
  const end = async (number: number) => {
    works[number]?.resolve()
    assert.equal(await works[number]?.done, number)
  }
  assert.deepEqual(begun, [0, 1])
  await end(1)
  assert.deepEqual(begun, [0, 1, 2])
  works[0]?.reject(new Error('failed'))
  await assert.rejects(works[0]?.done ?? Promise.resolve(), /failed/)
  assert.deepEqual(begun, [0, 1, 2, 3])
  for (const number of [3, 2, 4]) await end(number)
  assert.deepEqual(begun, [0, 1, 2, 3, 4])
})
