import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { checkoutKinds } from '@naru/contract'
import { agreedConsents, consentsFor } from './consents.ts'

test('a text that is changed gets another version: what was agreed to can be told by it', () => {
  const digests = new Map<string, string>()
  for (const kind of checkoutKinds) {
    const [korean, english] = [consentsFor(kind, 'ko'), consentsFor(kind, 'en')]
    for (const [place, { id, version, name, text }] of korean.entries()) {
      const other = english[place]
      assert.deepEqual([other?.id, other?.version], [id, version])
      const said = JSON.stringify([name, text, other?.name, other?.text])
      digests.set(`${id} ${version}`, createHash('sha256').update(said).digest('hex').slice(0, 12))
    }
  }
  // Whoever changes a text changes its version too, and the line here.
  assert.deepEqual(Object.fromEntries(digests), {
    'IDENTITY_DATA 2026-11-28': '22e15da7ecc6',
    'IDENTITY_SHARING 2026-11-28': 'ed3a3db893aa',
    'IDENTITY_TERMS 2026-11-28': '316c798ed534',
    'PERSONAL_DATA 2026-11-28': 'effb419ed8b6',
    'SHARING 2026-11-28': 'd17715ca1dd0',
    'STORED_METHOD 2026-11-28': '3fcdbda540fb',
    'TERMS 2026-11-28': 'cb092dab27c0',
  })
})

test('everything has to be agreed to, in the version that is shown', () => {
  const shown = consentsFor('PAYMENT', 'ko').map(({ id, version }) => ({ id, version }))
  assert.deepEqual(agreedConsents('PAYMENT', 'ko', [...shown, { id: 'MORE', version: '1' }]), shown)
  assert.equal(agreedConsents('PAYMENT', 'ko', shown.slice(1)), undefined)
  assert.equal(agreedConsents('PAYMENT', 'ko', undefined), undefined)
  const older = shown.map(({ id }) => ({ id, version: '2020-01-01' }))
  assert.equal(agreedConsents('PAYMENT', 'ko', older), undefined)
  assert.equal(agreedConsents('IDENTITY_VERIFICATION', 'ko', shown), undefined)
})
