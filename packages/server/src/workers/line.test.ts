import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Line } from './line.ts'

/** Gives every store that waits its turn, with as much as it may have, and says who got how many. */
const turnsOf = (line: Line, has: (storeId: string) => number): readonly [string, number][] => {
  const turns: [string, number][] = []
  for (let turn = line.next(); turn !== undefined; turn = line.next()) {
    const count = Math.min(turn.limit, has(turn.storeId))
    for (let index = 0; index < count; index++) line.take(turn.storeId)
    line.hasMore(turn.storeId, count === turn.limit)
    turns.push([turn.storeId, count])
  }
  return turns
}

const waiting = (places: number, ...stores: readonly string[]): Line => {
  const line = new Line(places)
  for (const store of stores) line.add(store)
  return line
}

test('a store that is alone gets half of the places, and no more while it holds them', () => {
  const line = waiting(100, 'crowded')
  assert.deepEqual(
    turnsOf(line, () => 1_000),
    [['crowded', 50]],
  )
  assert.equal(line.next(), undefined)
  line.add('quiet')
  assert.deepEqual(
    turnsOf(line, () => 1),
    [['quiet', 1]],
  )
})

test('of two that wait each gets one, where there are two places', () => {
  const line = waiting(2, 'crowded', 'quiet')
  assert.deepEqual(
    turnsOf(line, () => 60),
    [
      ['crowded', 1],
      ['quiet', 1],
    ],
  )
})

test('whoever got all it asked for waits behind the others, and all places are used', () => {
  const line = waiting(100, 'one', 'other', 'third')
  const turns = turnsOf(line, () => 1_000)
  assert.deepEqual(
    turns.slice(0, 3).map(([store]) => store),
    ['one', 'other', 'third'],
  )
  assert.equal(
    turns.reduce((sum, [, count]) => sum + count, 0),
    100,
  )
})

test('a backlog is claimed in halves: not one row for each place that comes free', () => {
  const line = waiting(8, 'crowded')
  assert.deepEqual(
    turnsOf(line, () => 1_000),
    [['crowded', 4]],
  )
  line.free('crowded')
  assert.equal(line.next(), undefined)
  line.free('crowded')
  assert.deepEqual(line.next(), { storeId: 'crowded', limit: 2 })
})
