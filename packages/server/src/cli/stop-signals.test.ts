import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listenForStop } from './stop-signals.ts'

test('a signal that arrives twice is one wish, and one that comes later is another', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  using signals = listenForStop()
  assert.deepEqual([signals.stop.aborted, signals.hurry.aborted], [false, false])
  process.emit('SIGINT', 'SIGINT')
  process.emit('SIGINT', 'SIGINT')
  process.emit('SIGTERM', 'SIGTERM')
  assert.deepEqual([signals.stop.aborted, signals.hurry.aborted], [true, false])
  context.mock.timers.tick(1_900)
  process.emit('SIGINT', 'SIGINT')
  assert.equal(signals.hurry.aborted, false)
  context.mock.timers.tick(200)
  process.emit('SIGINT', 'SIGINT')
  assert.equal(signals.hurry.aborted, true)
})

test('signals are left alone afterwards', () => {
  const before = process.listenerCount('SIGHUP')
  listenForStop()[Symbol.dispose]()
  assert.equal(process.listenerCount('SIGHUP'), before)
})

test('Ctrl+\\ is a wish to stop like Ctrl+C, so that the PostgreSQL that was started for it ends too', () => {
  using signals = listenForStop()
  process.emit('SIGQUIT', 'SIGQUIT')
  assert.equal(signals.stop.aborted, true)
})
