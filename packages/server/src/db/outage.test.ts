import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { test } from 'node:test'
import { pino } from 'pino'
import { outageLog } from './outage.ts'

type Line = { readonly level: number; readonly msg: string; readonly err?: object; readonly reason?: string }

const failing = (code: string) => Object.assign(new Error(`failed: ${code}`), { code })

const logging = (problem: () => Promise<string | undefined>) => {
  const lines: Line[] = []
  const said = new EventEmitter()
  const write = (line: string) => {
    lines.push(JSON.parse(line))
    said.emit(JSON.parse(line).msg)
  }
  return { ...outageLog(pino({ level: 'trace' }, { write }), problem, 1), lines, said }
}

test('a database that is away is an error once, and once it is told that it is back; requests have no stack', async (context) => {
  let problem: string | undefined = 'away'
  const { log, lines, said } = logging(async () => problem)
  // The log's own timer keeps no process.
  const alive = setInterval(() => undefined, 60_000)
  context.after(() => clearInterval(alive))
  for (let request = 0; request < 3; request++)
    log.error({ err: failing('ECONNREFUSED'), requestId: String(request) }, 'a request failed')
  log.warn({ err: failing('CONNECTION_CLOSED') }, 'could not tell other servers that this one is alive')
  log.error({ err: failing('53300') }, 'could not look for due work; retrying')
  const [outage, full] = lines.filter(({ level }) => level >= 40)
  assert.deepEqual([outage?.msg, outage?.reason], ['The database cannot be reached.', 'failed: ECONNREFUSED'])
  assert.match(full?.msg ?? '', /^The database takes no more connections\. Raise/)
  assert.equal(lines.filter(({ level }) => level >= 40).length, 2)
  assert.equal(lines.filter(({ msg, level }) => msg === 'a request failed' && level === 30).length, 3)
  assert.equal(lines.filter(({ level }) => level === 20).length, 2)
  assert.ok(lines.every(({ err }) => err === undefined))
  problem = undefined
  await once(said, 'The database works again.')
  log.error({ err: failing('ECONNREFUSED') }, 'a request failed')
  assert.equal(lines.filter(({ msg }) => msg === 'The database cannot be reached.').length, 2)
  await once(said, 'The database works again.')
})

test('a bug, and a statement that took too long, are told each time and in full', () => {
  const { log, lines } = logging(async () => undefined)
  for (const err of [new Error('a bug'), failing('57014'), failing('57014')]) log.error({ err }, 'a request failed')
  log.error('a text alone')
  log.warn({ storeId: 'store' }, 'no error')
  assert.deepEqual(
    lines.map(({ level, msg, err }) => [level, msg, err !== undefined]),
    [
      ...Array.from({ length: 3 }, () => [50, 'a request failed', true]),
      [50, 'a text alone', false],
      [40, 'no error', false],
    ],
  )
})
