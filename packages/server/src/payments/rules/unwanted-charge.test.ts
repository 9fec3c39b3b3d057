import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minute } from '../../kernel/clock.ts'
import { nextDueAt } from '../state/due.ts'
import { approval, attemptStart, done, expectEvents, refunded, Story, virtualAccount } from '../testing/story.ts'
import { authenticateAndConfirm, openCheckout, preRegister } from './checkout.ts'
import { refuseCharge } from './unwanted-charge.ts'

const declined = { kind: 'failed', failure: { pgCode: 'SBX_DECLINED', pgMessage: 'Declined' } } as const

/** An order that a shopper has agreed to in our window, and that the PG is being asked to approve. */
const asked = (story = new Story()) => {
  const id = story.newId('transaction')
  expectEvents(story.decide((payment) => openCheckout(payment, attemptStart({ transactionId: id }))))
  const authentication = { tokenDigest: 'digest', authorization: 'proof' }
  story.decide((payment, now) => authenticateAndConfirm(payment, id, authentication, undefined, now))
  assert.equal(story.attempt(id).phase, 'APPROVING')
  return {
    story,
    id,
    decline: () => story.answer(id, declined),
    withdraw: () => expectEvents(story.decide((payment) => refuseCharge(payment, id))).length,
    announce: (totalAmount: number) =>
      expectEvents(story.decide((payment) => preRegister(payment, { totalAmount, currency: 'KRW' }))),
    approve: () =>
      story.learn(id, { state: 'APPROVED', approval: approval(), captured: false }).map(({ type }) => type),
    phase: () => story.attempt(id).phase,
    giveBack: () => {
      story.answerReversal(id, refunded(story.now))
      const { phase, failure } = story.attempt(id)
      return [phase, failure?.pgCode]
    },
  }
}

type Asked = ReturnType<typeof asked>

const unwanted: Readonly<Record<string, (attempt: Asked) => void>> = {
  'was declined before the merchant closed it': ({ decline, withdraw }) => [decline(), withdraw()],
  'was declined after the merchant closed it': ({ decline, withdraw }) => [withdraw(), decline()],
  'was declined before another amount was pre-registered': ({ decline, announce }) => [decline(), announce(50_000)],
}

for (const [name, end] of Object.entries(unwanted))
  test(`a late approval of what ${name} is given back, once, and the order can be paid`, () => {
    const attempt = asked()
    const { story, approve, phase, giveBack } = attempt
    end(attempt)
    assert.equal(phase(), 'FAILED')
    assert.deepEqual(approve(), ['ReversalRequested'])
    assert.deepEqual(approve(), [])
    assert.deepEqual(giveBack(), ['FAILED', 'NARU_ORDER_CHANGED'])
    assert.deepEqual(approve(), [])
    assert.equal(nextDueAt(story.payment), undefined)
    assert.equal(story.news().includes('Transaction.Paid'), false)
    story.pay({ total: story.payment.preRegistered?.totalAmount ?? 10_000 })
    assert.equal(story.payment.attempts.at(-1)?.phase, 'PAID')
  })

const wanted: Readonly<Record<string, (attempt: Asked) => void>> = {
  'nobody withdrew': ({ decline }) => decline(),
  'fits what was pre-registered since': ({ decline, announce }) => [decline(), announce(50_000), announce(10_000)],
  'the PG had not yet decided about when it was closed': ({ withdraw }) => withdraw(),
}

for (const [name, end] of Object.entries(wanted))
  test(`an approval of what ${name} pays the order, and closing it then changes nothing`, () => {
    const attempt = asked()
    end(attempt)
    assert.deepEqual(attempt.approve(), ['Approved'])
    assert.equal(attempt.withdraw(), 0)
    assert.equal(attempt.phase(), 'PAID')
  })

test('closing it twice is one event, and what was never sent to a PG needs none', () => {
  const { decline, withdraw } = asked()
  decline()
  assert.deepEqual([withdraw(), withdraw()], [1, 0])
  const story = new Story()
  const id = story.newId('transaction')
  expectEvents(story.decide((payment) => openCheckout(payment, attemptStart({ transactionId: id }))))
  assert.deepEqual(
    story.decide((payment) => refuseCharge(payment, id)),
    [],
  )
})

for (const end of ['withdraw', 'announce'] as const)
  test(`an account that opens late, after ${end}, is closed, and takes no deposit meanwhile`, () => {
    const { story, id, phase, giveBack, ...attempt } = asked()
    attempt.decline()
    attempt[end](50_000)
    story.learn(id, { state: 'WAITING_FOR_DEPOSIT', virtualAccount: virtualAccount() })
    assert.equal(phase(), 'VIRTUAL_ACCOUNT_ISSUED')
    assert.notEqual(story.attempt(id).closing, undefined)
    story.deposit(id)
    assert.equal(phase(), 'REVERSING')
    assert.deepEqual(giveBack(), ['FAILED', 'NARU_ORDER_CHANGED'])
  })

test('an account that the PG opens as it was asked to is paid into, whatever was closed or pre-registered meanwhile', () => {
  const { story, id, withdraw, announce, phase } = asked()
  withdraw()
  story.answer(id, done(virtualAccount()))
  announce(50_000)
  story.pass(minute)
  story.deposit(id)
  assert.equal(phase(), 'PAID')
})
