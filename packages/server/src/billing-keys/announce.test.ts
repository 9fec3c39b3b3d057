import assert from 'node:assert/strict'
import { test } from 'node:test'
import { intent } from '../doubt/inquiry.ts'
import { attemptStart, done, mayActWithin, start, unknown } from '../payments/testing/story.ts'
import { announce } from './announce.ts'
import { type BillingKey, type BillingKeyEvent, evolve, noBillingKey } from './billing-key.ts'
import { settleDeletion, settleInquiry, settleIssue } from './rules/rules.ts'

const reference = 'reference'
const facts = { token: 'token', method: { type: 'BillingKeyPaymentMethodCard' }, pgTransactionId: 'pg' } as const
const seal = () => facts
const issued = done({ state: 'ISSUED', key: { ...facts, issuedAt: start } } as const)

/** A quiet issue that was asked for at the start, and what is announced of it from there. */
const story = () => {
  let key: BillingKey = noBillingKey('merchant-1', 'store-1', 'billing-key-1')
  const news: string[] = []
  const take = (events: readonly BillingKeyEvent[] | 'retry', at: number) => {
    if (events === 'retry') throw new Error('the deletion would have to be asked for again')
    for (const event of events) {
      const after = evolve(key, event, at)
      news.push(...announce({ event, after, at }).map(({ type }) => type))
      key = after
    }
  }
  const request = { customer: {}, skipWebhook: true }
  const channels = [{ reference, channel: attemptStart().channel }]
  take([{ type: 'IssueRequested', request, channels, inquiry: intent(start) }], start)
  return {
    news,
    issue: (outcome: Parameters<typeof settleIssue>[2], at: number) =>
      take(settleIssue(key, reference, outcome, seal, at), at),
    learn: (outcome: Parameters<typeof settleInquiry>[2], at: number) =>
      take(settleInquiry(key, reference, outcome, seal, { mayActWithin, hasSchedule: false }, at), at),
    requestDeletion: (at: number) =>
      take([{ type: 'DeletionRequested', deletion: { skipWebhook: true }, inquiry: intent(at) }], at),
    delete: (at: number) => take(settleDeletion(key, reference, done({ at }), at), at),
  }
}

test('skipWebhook keeps quiet about an issue and a deletion that the answer tells', () => {
  const { news, issue, learn, requestDeletion, delete: remove } = story()
  issue(unknown, start)
  learn(issued, start)
  requestDeletion(start)
  remove(start)
  assert.deepEqual(news, [])
})

test('an issue and a deletion that are learned only after a crash are announced: nobody was told of them', () => {
  const { news, learn, requestDeletion } = story()
  learn(issued, start + 15_000)
  requestDeletion(start + 20_000)
  learn(done({ state: 'DELETED', deletedAt: start + 35_000 }), start + 35_000)
  assert.deepEqual(news, ['BillingKey.Issued', 'BillingKey.Deleted'])
})

test('an issue that stayed unknown after one look is announced', () => {
  const { news, issue, learn } = story()
  issue(unknown, start)
  learn(unknown, start)
  learn(issued, start + 2_000)
  assert.deepEqual(news, ['BillingKey.Issued'])
})
