import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Moment, moment } from './moment.ts'

test('an answer serves whoever asks the same within a moment', async () => {
  let time = 0
  const asked: string[] = []
  const answers = new Moment<number>(() => time)
  const ask = (question: string) => answers.ask(question, async () => asked.push(question))
  assert.deepEqual(await Promise.all([ask('a'), ask('a'), ask('b')]), [1, 1, 2])
  time += moment - 1
  assert.equal(await ask('a'), 1)
  time += 1
  assert.equal(await ask('a'), 3)
  assert.deepEqual(asked, ['a', 'b', 'a'])
})

test('an error is told to those who wait for it, and not kept', async () => {
  const answers = new Moment<number>()
  const fails = async () => {
    throw new Error('away')
  }
  const first = answers.ask('a', fails)
  const second = answers.ask('a', async () => 1)
  await assert.rejects(first, /away/)
  await assert.rejects(second, /away/)
  assert.equal(await answers.ask('a', async () => 1), 1)
})
