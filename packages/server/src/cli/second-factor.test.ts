import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseApprover } from './second-factor.ts'

const kim = { id: 'approver-1', name: 'Kim' }
const lee = { id: 'approver-2', name: 'Lee\u001b[31m' }

/** A terminal at which these answers are typed, one after the other. */
const terminal = (...answers: string[]) => {
  const shown: string[] = []
  const ask = async (text: string) => {
    shown.push(text)
    const answer = answers.shift()
    if (answer === undefined) throw new Error('nothing more is typed')
    return answer
  }
  return { ask, shown }
}

test('the only approver is not asked for', async () => {
  assert.equal(await chooseApprover([kim], terminal().ask), kim)
})

test('one of several is chosen by number, and asked for until there is such a number', async () => {
  const { ask, shown } = terminal('0', '3', '-1', '1.0', 'Kim', '', '2')
  assert.equal(await chooseApprover([kim, lee], ask), lee)
  assert.equal(shown[0], 'Who approves?\n  1  Kim (approver-1)\n  2  Lee\\u001b[31m (approver-2)\nNumber: ')
  assert.deepEqual(new Set(shown.slice(1)), new Set(['A number from 1 to 2: ']))
})

test('without a terminal, one of several must be named', async () => {
  await assert.rejects(chooseApprover([kim, lee], undefined), /Name the approver with --approver: approver-1 \(Kim\), /)
})
