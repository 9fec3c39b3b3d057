import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contrast, type Rgb, readable, textOn } from './contrast.ts'

const channel = fc.integer({ min: 0, max: 255 })

test('contrast is that of WCAG', () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21)
  assert.equal(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), '4.48')
})

test('text can be read on every ground', () => {
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (ground: Rgb) => contrast(ground, textOn(ground)) >= readable),
  )
})
