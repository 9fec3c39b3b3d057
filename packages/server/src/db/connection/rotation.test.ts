import assert from 'node:assert/strict'
import test from 'node:test'
import { Rotation } from './rotation.ts'

const targets = ['a', 'b', 'c'].map((host) => ({ host, port: 5432 }))

const names = (rotation: Rotation): string =>
  rotation
    .next()
    .map((target) => ('host' in target ? target.host : ''))
    .join('')

const [a, b, c] = targets
assert.ok(a && b && c)

test('where any server will do, each dial begins with another', () => {
  const rotation = new Rotation({ targets })
  assert.deepEqual(
    [1, 2, 3, 4].map(() => names(rotation)),
    ['abc', 'bca', 'cab', 'abc'],
  )
})

test('where a kind is sought, each dial begins with the server that was right last', () => {
  const rotation = new Rotation({ targets, sought: 'primary' })
  const order = rotation.next()
  assert.equal(rotation.passOver(order, a), undefined)
  rotation.settleOn(b)
  assert.deepEqual(
    [1, 2].map(() => names(rotation)),
    ['bca', 'bca'],
  )
  // It is a standby now, as a second connection finds too.
  const later = rotation.next()
  assert.equal(rotation.passOver(later, b), undefined)
  assert.equal(rotation.passOver(later, b), undefined)
  assert.equal(names(rotation), 'cab')
})

test('when none was right it says so, and those that could not be reached count too', () => {
  const rotation = new Rotation({ targets, sought: 'read-write' })
  assert.equal(rotation.passOver(rotation.next(), b), undefined)
  assert.equal(names(rotation), 'cab')
  assert.match(String(rotation.passOver(rotation.next(), c)), /None of the reachable database servers is read-write/)
  assert.equal(names(rotation), 'abc')
})
