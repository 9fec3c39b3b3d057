import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { TimeCheck } from './time-check.ts'

const database = Date.parse('2026-11-30T02:17:20Z')

/** A check whose clock is ahead, and whose questions take a while; and what it logs. */
const checkOf = () => {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
  let now = 0
  const check = new TimeCheck(log, () => now)
  const compare = async (ahead: number, takes = 0) => {
    now = database + ahead - takes
    await check.compare(async () => {
      now += takes
      return database
    })
    return check.problem
  }
  return { lines, compare }
}

test('a clock that is wrong by more than a minute is a problem, with both times and what to do', async () => {
  for (const ahead of [900_000, -900_000]) {
    const { compare, lines } = checkOf()
    const problem = (await compare(ahead)) ?? ''
    assert.match(problem, new RegExp(new Date(database + ahead).toISOString()))
    assert.match(problem, /2026-11-30T02:17:20\.000Z.*900 s apart.*NTP.*runs nothing/)
    assert.deepEqual(lines, [problem])
  }
})

test('each change is said once, and a clock that is right again is no problem any more', async () => {
  const { compare, lines } = checkOf()
  for (const ahead of [0, 4_000, -4_000]) assert.equal(await compare(ahead), undefined)
  assert.deepEqual(lines, [])
  for (const ahead of [6_000, 7_000, 59_000]) assert.equal(await compare(ahead), undefined)
  for (const ahead of [61_000, 86_400_000]) assert.match((await compare(ahead)) ?? '', /s apart/)
  for (const ahead of [0, 1_000]) assert.equal(await compare(ahead), undefined)
  assert.equal(lines.length, 3)
  assert.match(lines[0] ?? '', /6 s apart/)
  assert.match(lines[1] ?? '', /61 s apart/)
  assert.match(lines[2] ?? '', /agree again/)
})

test('a machine that slept while it asked, or a database that was slow to answer, proves nothing', async () => {
  const { compare, lines } = checkOf()
  assert.equal(await compare(3_600_000, 3_600_000), undefined)
  assert.equal(await compare(100, 120_000), undefined)
  assert.deepEqual(lines, [])
})
