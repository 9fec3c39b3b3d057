import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { logOptions } from './log.ts'

test('no card number reaches the log, in a field, in an error or in its cause', () => {
  const lines: string[] = []
  const log = pino(logOptions('info'), { write: (line: string) => void lines.push(line) })
  const number = '4242424242424242'
  const error = new Error(`no payment ${number}`, { cause: new Error(`not ${number}`) })
  log.error({ err: error, reason: `of ${number}`, seen: { [number]: [number] } }, 'a request failed')
  const [line = ''] = lines
  assert.doesNotMatch(line, /4242424242424242/)
  assert.match(line, /no payment 424242\*{6}4242/)
  const { err, msg } = JSON.parse(line)
  assert.equal(msg, 'a request failed')
  assert.match(err.stack, /log\.test\.[jt]s/)
})
