import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { GatewayIdentity, SentIdentity } from '../gateways/port/identity.ts'
import type { Outcome } from '../gateways/port/terms.ts'
import { Refusal } from '../kernel/refusal.ts'
import {
  maximumRefusals,
  open,
  requestConfirm,
  requestSend,
  settleConfirm,
  settleInquiry,
  settleSend,
} from './rules.ts'
import { type Attempt, evolve, noVerification, type Verification, type VerificationEvent } from './verification.ts'

const failure = { pgCode: 'NO', pgMessage: 'no' }
const person = { pgTransactionId: 'pg', verifiedAt: 1, name: 'n', birthDate: '2001-02-03', raw: '{}' }
const seal = () => ({ at: 1, name: 'n', birthDate: '2001-02-03', secrets: 'sealed' })

const sends: Record<string, Outcome<SentIdentity>> = {
  sent: { kind: 'succeeded', value: { pgTransactionId: 'pg' } },
  failed: { kind: 'failed', failure },
  lost: { kind: 'unknown', reason: 'timeout' },
}
const known: Record<string, Outcome<GatewayIdentity>> = {
  none: { kind: 'succeeded', value: { state: 'NONE' } },
  waiting: { kind: 'succeeded', value: { state: 'WAITING', pgTransactionId: 'pg' } },
  wrong: { kind: 'succeeded', value: { state: 'WAITING', pgTransactionId: 'pg', refusal: failure } },
  verified: { kind: 'succeeded', value: { state: 'VERIFIED', person } },
  over: { kind: 'succeeded', value: { state: 'FAILED', failure } },
  lost: { kind: 'unknown', reason: 'timeout' },
}

const steps = fc.array(
  fc.record({
    do: fc.constantFrom('send', 'settleSend', 'confirm', 'settleConfirm', 'inquire'),
    answer: fc.constantFrom(...new Set([...Object.keys(sends), ...Object.keys(known)])),
    wait: fc.integer({ min: 0, max: 90_000 }),
  }),
  { maxLength: 60 },
)

test('whatever happens, at most one attempt is verified or waits, and no attempt survives three refusals', () => {
  fc.assert(
    fc.property(steps, (story) => {
      let verification = noVerification('m', 's', 'i')
      let now = 0
      let ids = 0
      const take = (events: readonly VerificationEvent[] | Refusal) => {
        if (events instanceof Refusal) return
        for (const event of events) verification = evolve(verification, event, now)
      }
      for (const step of story) {
        now += step.wait
        take(decide(verification, step, () => `attempt-${++ids}`, now))
        isSound(verification)
      }
    }),
  )
})

test('of windows at two addresses the first to be verified wins, and one address uses up half of the attempts at most', () => {
  let verification = noVerification('m', 's', 'i')
  const take = (events: readonly VerificationEvent[] | Refusal) => {
    assert.ok(!(events instanceof Refusal))
    for (const event of events) verification = evolve(verification, event, 0)
  }
  const windowOf = (id: string, source: string) => ({ ...startOf(id), method: 'WINDOW' as const, source })
  const phases = () => verification.attempts.map(({ phase }) => phase)
  for (const [id, source] of Object.entries({ replaced: 'here', mine: 'here', other: 'there' }))
    take(open(verification, windowOf(id, source)))
  assert.deepEqual(phases(), ['FAILED', 'READY', 'READY'])
  for (let count = 3; count < 51; count++) take(open(verification, windowOf(`other-${count}`, 'there')))
  take(open(verification, windowOf('other-51', 'there')))
  const refused = open(verification, windowOf('other-52', 'there'))
  assert.equal(refused instanceof Refusal && refused.body.type, 'MAX_TRANSACTION_COUNT_REACHED')
  const told = known.verified ?? assert.fail()
  for (const id of ['mine', 'other-51']) take(settleInquiry(verification, id, told, seal, 60_000, 0))
  assert.deepEqual([phases()[1], phases().at(-1)], ['VERIFIED', 'FAILED'])
  assert.equal(verification.attempts.at(-1)?.failure?.pgCode, 'NARU_ALREADY_VERIFIED')
})

type Step = { readonly do: string; readonly answer: string }

const decide = (
  verification: Verification,
  step: Step,
  newId: () => string,
  now: number,
): readonly VerificationEvent[] | Refusal => {
  const latest = verification.attempts.at(-1)
  const send = sends[step.answer] ?? { kind: 'unknown', reason: 'timeout' }
  const answer = known[step.answer] ?? { kind: 'failed', failure }
  if (step.do === 'send') return requestSend(verification, startOf(newId()), now)
  if (!latest) return []
  if (step.do === 'settleSend') return settleSend(verification, latest.id, send, now)
  if (step.do === 'settleConfirm') return settleConfirm(verification, latest.id, answer, seal, now)
  if (step.do === 'inquire') return settleInquiry(verification, latest.id, answer, seal, 60_000, now)
  return requestConfirm(verification, { hasCode: true }, now)
}

const startOf = (id: string) => ({
  id,
  channel: { type: 'TEST' as const, pgProvider: 'DANAL' as const, pgMerchantId: 'm' },
  method: 'SMS' as const,
  customer: {},
})

const isSound = ({ attempts }: Verification) => {
  const count = (test: (attempt: Attempt) => boolean) => attempts.filter(test).length
  assert(count(({ phase }) => phase === 'VERIFIED') <= 1)
  assert(count(({ phase }) => phase === 'SENDING' || phase === 'READY') <= 1)
  assert.equal(
    count(({ phase, refusals }) => phase === 'READY' && refusals >= maximumRefusals),
    0,
  )
  assert.equal(
    count(({ phase, inquiry }) => phase === 'SENDING' && !inquiry),
    0,
    'a sending that nobody looks after',
  )
  assert.equal(
    count(({ phase, inquiry }) => (phase === 'VERIFIED' || phase === 'FAILED') && inquiry !== undefined),
    0,
  )
}
