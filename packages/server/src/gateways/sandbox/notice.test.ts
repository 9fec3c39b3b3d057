import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { pino } from 'pino'
import { type Notice, noticeDoor, signatureOf } from './notice.ts'

const notice: Notice = { kind: 'payment', reference: 'transaction-1' }
const refund: Notice = { kind: 'cancellation', reference: 'cancellation-1', paymentReference: 'transaction-1' }

const openDoor = (isAnswered = true) => {
  const [key, taken, lines] = [randomBytes(32), [] as string[], [] as string[]]
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const door = noticeDoor(key, log, async (storeId, transactionId) => {
    taken.push(`${storeId} ${transactionId}`)
    return isAnswered
  })
  return { key, taken, lines, door }
}

test('a notice that the PG signed makes us ask about its payment', async () => {
  const { key, taken, lines, door } = openDoor()
  for (const each of [notice, refund])
    assert.equal(await door('store-1', each, signatureOf(key, 'store-1', each)), 'TAKEN')
  assert.deepEqual([taken, lines], [['store-1 transaction-1', 'store-1 transaction-1'], []])
})

test('one about which the PG cannot be asked is not taken, so that it comes again', async () => {
  const { key, taken, door } = openDoor(false)
  assert.equal(await door('store-1', notice, signatureOf(key, 'store-1', notice)), 'UNANSWERED')
  assert.deepEqual(taken, ['store-1 transaction-1'])
})

test('any other is refused, asks nothing, and leaves a clear line in the log', async () => {
  const { key, taken, lines, door } = openDoor()
  const forged = [
    '',
    'a',
    signatureOf(randomBytes(32), 'store-1', notice),
    signatureOf(key, 'store-2', notice),
    signatureOf(key, 'store-1', refund),
    `${signatureOf(key, 'store-1', notice)}=`,
    // As many characters, and more bytes.
    `é${signatureOf(key, 'store-1', notice).slice(1)}`,
  ]
  for (const signature of forged) assert.equal(await door('store-1', notice, signature), 'REFUSED')
  assert.deepEqual(taken, [])
  const said = lines.map((line) => JSON.parse(line))
  assert.equal(said.length, forged.length)
  for (const { msg, storeId, reference } of said) {
    assert.match(msg, /refused: its signature is not the PG’s/)
    assert.deepEqual([storeId, reference], ['store-1', 'transaction-1'])
  }
})
