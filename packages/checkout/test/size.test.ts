import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const builtIn = (path: string): URL => new URL(`../../${path}/dist/`, import.meta.url)

/** In bytes, as browsers get them. */
const gzippedSize = (directory: URL, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, directory))).length, 0)

test('the page and all that it loads is at most 120 kB', () => {
  const directory = builtIn('checkout')
  const assets = readdirSync(new URL('assets/', directory)).map((name) => `assets/${name}`)
  assert.ok(assets.length > 1)
  const size = gzippedSize(directory, ['index.html', ...assets])
  assert.ok(size <= 120_000, `it is ${size} bytes`)
})

test('the script that shops load is at most 8 kB, in either form', () => {
  for (const name of ['browser-sdk.js', 'browser-sdk.esm.js']) {
    const size = gzippedSize(builtIn('browser-sdk'), [name])
    assert.ok(size <= 8_000, `${name} is ${size} bytes`)
  }
})
