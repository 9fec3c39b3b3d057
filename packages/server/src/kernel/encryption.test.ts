import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createEncryption, newEncryptionKey, readEncryptionKey } from './encryption.ts'

const encryption = createEncryption(newEncryptionKey())

test('what was encrypted is decrypted in its own context', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
      assert.equal(encryption.decrypt(encryption.encrypt(text, context), context), text)
    }),
  )
})

test('another context, another key or a changed byte is refused', () => {
  const sealed = encryption.encrypt('secret', 'channel a')
  assert.throws(() => encryption.decrypt(sealed, 'channel b'), /Cannot decrypt the channel b/)
  assert.throws(() => createEncryption(newEncryptionKey()).decrypt(sealed, 'channel a'), /another key/)
  for (let index = 0; index < sealed.length; index++) {
    const damaged = Buffer.from(sealed)
    damaged[index] = (damaged[index] ?? 0) ^ 1
    assert.throws(() => encryption.decrypt(damaged, 'channel a'))
  }
  assert.throws(() => encryption.decrypt(sealed.subarray(0, 20), 'channel a'))
})

test('the same text never looks the same twice', () => {
  assert.notDeepEqual(encryption.encrypt('secret', 'a'), encryption.encrypt('secret', 'a'))
})

test('a key is read from hex, base64 and base64url, and nothing else', () => {
  const key = newEncryptionKey()
  for (const format of ['hex', 'base64', 'base64url'] as const) {
    assert.deepEqual(readEncryptionKey(key.toString(format)), key)
  }
  for (const text of ['', 'short', key.toString('hex').slice(1), `${key.toString('base64')}=`, 'ä'.repeat(43)]) {
    assert.equal(readEncryptionKey(text), undefined)
  }
})

test('keys derived for different purposes differ, and stay the same', () => {
  assert.notDeepEqual(encryption.derive('a'), encryption.derive('b'))
  assert.deepEqual(encryption.derive('a'), encryption.derive('a'))
})
