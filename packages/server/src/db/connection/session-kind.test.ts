import assert from 'node:assert/strict'
import test from 'node:test'
import { Greeting, type SessionKind } from './session-kind.ts'

const message = (type: string, content: string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(type), length, Buffer.from(content)])
}

const greeting = (settings: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat([
    message('R', '\0\0\0\0'),
    ...Object.entries(settings).map(([name, value]) => message('S', `${name}\0${value}\0`)),
    message('K', '\0\0\0\x01\0\0\0\x02'),
    message('Z', 'I'),
  ])

const standby = { in_hot_standby: 'on', default_transaction_read_only: 'off' }
const readOnly = { in_hot_standby: 'off', default_transaction_read_only: 'on' }
const writable = { in_hot_standby: 'off', default_transaction_read_only: 'off' }

for (const [settings, sought, expected] of [
  [standby, 'primary', 'wrong'],
  [standby, 'read-write', 'wrong'],
  [readOnly, 'primary', 'right'],
  [readOnly, 'read-write', 'wrong'],
  [writable, 'primary', 'right'],
  [writable, 'read-write', 'right'],
  [standby, undefined, 'right'],
  // A pooler may not say.
  [{}, 'read-write', 'right'],
] as const) {
  test(`${JSON.stringify(settings)} is ${expected} where ${sought} is sought, in whatever pieces it comes`, () => {
    assert.equal(verdict([greeting(settings)], sought), expected)
    const bytes = [...greeting(settings)].map((byte) => Buffer.from([byte]))
    assert.equal(verdict(bytes, sought), expected)
  })
}

const verdict = (pieces: readonly Buffer[], sought: SessionKind | undefined): string | undefined => {
  const heard = new Greeting()
  const verdicts = pieces.map((piece) => heard.hear(piece, sought))
  return verdicts.find((each) => each !== undefined)
}
