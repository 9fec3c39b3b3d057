import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { banner } from './banner.ts'

const credentials = {
  storeId: "store's",
  isRepresentative: true,
  channelKey: 'channel-1',
  apiSecret: "it's a secret",
  webhookSecret: 'whsec_c2VjcmV0',
}

/** What a shell makes of the banner's command. */
const argumentsOf = (text: string): string[] => {
  const command = text.slice(text.indexOf('curl ')).trim()
  return execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${command}`], { encoding: 'utf8' }).split('\n')
}

test('the command of the banner can be pasted into a shell, whatever the secret is made of', () => {
  const given = argumentsOf(banner('http://localhost:8484', credentials))
  assert.equal(given[4], "Authorization: PortOne it's a secret")
  assert.equal(JSON.parse(given[6] ?? '').storeId, undefined)
})

test('it names the store where the secret would pay in another one', () => {
  const given = argumentsOf(banner('http://localhost:8484', { ...credentials, isRepresentative: false }))
  assert.equal(JSON.parse(given[6] ?? '').storeId, "store's")
})
