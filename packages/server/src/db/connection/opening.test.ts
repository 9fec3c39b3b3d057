import assert from 'node:assert/strict'
import test from 'node:test'
import { message } from './messages.ts'
import { Opening } from './opening.ts'
import type { SessionKind } from './session-kind.ts'

const greeting = (settings: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...Object.entries(settings).map(([name, value]) => message('S', name, value)),
    message('K', Buffer.alloc(8)),
    message('Z', Buffer.from('I')),
  ])

const standby = { in_hot_standby: 'on', default_transaction_read_only: 'off' }
const readOnly = { in_hot_standby: 'off', default_transaction_read_only: 'on' }
const writable = { in_hot_standby: 'off', default_transaction_read_only: 'off' }

for (const [settings, sought, expected] of [
  [standby, 'primary', 'wrong kind'],
  [standby, 'read-write', 'wrong kind'],
  [readOnly, 'primary', 'asked'],
  [readOnly, 'read-write', 'wrong kind'],
  [writable, 'primary', 'asked'],
  [writable, 'read-write', 'asked'],
  [standby, undefined, 'asked'],
  // A pooler may not say.
  [{}, 'read-write', 'asked'],
] as const) {
  test(`${JSON.stringify(settings)} is ${expected === 'asked' ? 'right' : 'wrong'} where ${sought} is sought, in whatever pieces it comes`, () => {
    assert.equal(verdict([greeting(settings)], sought), expected)
    const bytes = [...greeting(settings)].map((byte) => Buffer.from([byte]))
    assert.equal(verdict(bytes, sought), expected)
  })
}

const verdict = (pieces: readonly Buffer[], sought: SessionKind | undefined): unknown => {
  const opening = new Opening(sought, {})
  const verdicts = pieces.map((piece) => opening.hear(piece).next)
  const [last] = verdicts.filter((each) => each !== 'more')
  return typeof last === 'object' ? 'asked' : last
}
