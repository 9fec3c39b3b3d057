import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { second } from '../../kernel/clock.ts'
import type { CancelRequest, GatewayCancellationState } from '../port/payment.ts'
import { failed, reference } from './testing/outcomes.ts'
import { cancelRequest, cardCharge, createTestSandbox, type TestSandbox } from './testing/sandbox.ts'

describe('cancelling at the sandbox PG', () => {
  let sandbox: TestSandbox

  before(async () => {
    sandbox = await createTestSandbox()
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const paid = async (code?: string, amount = 10_000) => {
    const context = sandbox.context(reference(), code)
    await sandbox.gateway.authorize(context, cardCharge({ amount }))
    return { reference: context.reference }
  }
  const cancel = (target: { reference: string }, request: CancelRequest, name = reference(), code?: string) =>
    sandbox.gateway.cancel(sandbox.context(name, code), target, request)
  const inquire = async (target: { reference: string }, name: string): Promise<GatewayCancellationState['state']> => {
    const known = await sandbox.gateway.inquireCancellation(sandbox.context(name), target)
    return known.kind === 'succeeded' ? known.value.state : assert.fail()
  }
  const entryOf = async (target: { reference: string }) =>
    (await sandbox.control.ledgerOf('store', target.reference))[0] ?? assert.fail()

  it('refunds parts, then the rest, and no more', async () => {
    const target = await paid()
    const name = reference()
    const first = await cancel(target, cancelRequest(3_000), name)
    assert.ok(first.kind === 'succeeded')
    assert.match(first.value.pgCancellationId, /^sbx_[0-9a-v]{20}$/)
    assert.equal(first.value.cancelledAt, sandbox.now())
    assert.equal(await inquire(target, name), 'SUCCEEDED')
    failed('SBX_CANCEL_EXCEEDS_REMAINING')(await cancel(target, cancelRequest(7_001)))
    assert.equal((await cancel(target, cancelRequest())).kind, 'succeeded')
    assert.equal((await entryOf(target)).cancelledAmount, 10_000)
    failed('SBX_CANCEL_EXCEEDS_REMAINING')(await cancel(target, cancelRequest(1)))
    failed('SBX_CANCEL_EXCEEDS_REMAINING')(await cancel(target, cancelRequest()))
  })

  it('answers a repeated reference with what was recorded, and refunds once', async () => {
    const target = await paid()
    const name = reference()
    const first = await cancel(target, cancelRequest(3_000), name)
    await sandbox.advance(60)
    assert.deepEqual(await cancel(target, cancelRequest(3_000), name), first)
    failed('SBX_IDEMPOTENCY_MISMATCH')(await cancel(target, cancelRequest(3_001), name))
    failed('SBX_IDEMPOTENCY_MISMATCH')(await cancel(await paid(), cancelRequest(3_000), name))
    assert.equal((await entryOf(target)).cancelledAmount, 3_000)
  })

  it('refunds once when the same reference comes 64 times at once', async () => {
    const target = await paid()
    const name = reference()
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => cancel(target, cancelRequest(100), name)))
    for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0])
    assert.equal(outcomes[0]?.kind, 'succeeded')
    const entry = await entryOf(target)
    assert.equal(entry.cancelledAmount, 100)
    assert.equal(entry.cancellations.length, 1)
  })

  it('never refunds more than was charged when 64 cancellations come at once', async () => {
    const target = await paid()
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => cancel(target, cancelRequest(300))))
    assert.equal(outcomes.filter(({ kind }) => kind === 'succeeded').length, 33)
    for (const outcome of outcomes) if (outcome.kind !== 'succeeded') failed('SBX_CANCEL_EXCEEDS_REMAINING')(outcome)
    assert.equal((await entryOf(target)).cancelledAmount, 9_900)
  })

  it('refunds all that is left once when several ask for just that', async () => {
    const target = await paid()
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => cancel(target, cancelRequest())))
    assert.equal(outcomes.filter(({ kind }) => kind === 'succeeded').length, 1)
    assert.equal((await entryOf(target)).cancelledAmount, 10_000)
  })

  it('is refused for what was never charged', async () => {
    failed('SBX_NOT_FOUND')(await cancel({ reference: 'nobody' }, cancelRequest(1)))
    for (const code of ['decline', 'doubt-none', 'pending-paid-10'])
      failed('SBX_CANCEL_NOT_ALLOWED')(await cancel(await paid(code), cancelRequest(1)))
    assert.equal(await inquire({ reference: 'nobody' }, 'nobody'), 'NONE')
  })

  it('is not held against later cancellations that it was refused too early', async () => {
    const target = await paid('pending-paid-10')
    const name = reference()
    failed('SBX_CANCEL_NOT_ALLOWED')(await cancel(target, cancelRequest(), name))
    await sandbox.advance(10)
    assert.equal((await cancel(target, cancelRequest(), name)).kind, 'succeeded')
  })

  it('cancel-decline: refuses, and an inquiry says so', async () => {
    const target = await paid('cancel-decline')
    const name = reference()
    failed('SBX_CANCEL_REFUSED')(await cancel(target, cancelRequest(1_000), name))
    failed('SBX_CANCEL_REFUSED')(await cancel(target, cancelRequest(1_000), name))
    assert.equal(await inquire(target, name), 'FAILED')
    assert.equal((await entryOf(target)).cancelledAmount, 0)
  })

  it('takes a code for one cancellation from the header of its call', async () => {
    const target = await paid()
    failed('SBX_CANCEL_REFUSED')(await cancel(target, cancelRequest(1_000), reference(), 'cancel-decline'))
    failed('SBX_UNKNOWN_TEST_CODE')(await cancel(target, cancelRequest(1_000), reference(), 'cancel-declin'))
    failed('SBX_MAINTENANCE')(await cancel(target, cancelRequest(1_000), reference(), 'maintenance'))
    assert.equal((await cancel(target, cancelRequest(1_000), reference(), 'server-error')).kind, 'unknown')
    assert.equal((await cancel(target, cancelRequest(1_000))).kind, 'succeeded')
    assert.equal((await entryOf(target)).cancelledAmount, 1_000)
    const declining = await paid('cancel-decline')
    assert.equal((await cancel(declining, cancelRequest(1_000), reference(), 'approve')).kind, 'succeeded')
  })

  for (const [code, state, cancelled] of [
    ['cancel-doubt-done', 'SUCCEEDED', 1_000],
    ['cancel-doubt-none', 'NONE', 0],
  ] as const) {
    it(`${code}: the answer is lost; an inquiry says ${state}`, async () => {
      const target = await paid(code)
      const name = reference()
      assert.equal((await cancel(target, cancelRequest(1_000), name)).kind, 'unknown')
      assert.equal(await inquire(target, name), state)
      assert.equal((await entryOf(target)).cancelledAmount, cancelled)
    })
  }

  for (const [code, state, cancelled] of [
    ['cancel-pending-7', 'SUCCEEDED', 6_000],
    ['cancel-pending-fail-7', 'FAILED', 0],
  ] as const) {
    it(`${code}: holds the amount back, and ${state} is announced 7 seconds later`, async () => {
      const target = await paid(code)
      const name = reference()
      const at = sandbox.now()
      assert.equal((await cancel(target, cancelRequest(6_000), name)).kind, 'pending')
      assert.equal((await cancel(target, cancelRequest(6_000), name)).kind, 'pending')
      assert.equal(await inquire(target, name), 'PENDING')
      const held = await entryOf(target)
      assert.deepEqual([held.cancelledAmount, held.reservedAmount], [0, 6_000])
      failed('SBX_CANCEL_EXCEEDS_REMAINING')(await cancel(target, cancelRequest(4_001)))
      sandbox.notices.length = 0
      await sandbox.advance(60)
      assert.equal(await inquire(target, name), state)
      const settled = await entryOf(target)
      assert.deepEqual([settled.cancelledAmount, settled.reservedAmount], [cancelled, 0])
      assert.deepEqual(sandbox.notices, [
        { kind: 'cancellation', reference: name, paymentReference: target.reference, at: at + 7 * second },
      ])
    })
  }

  it('can be stopped while pending: the amount is free again, and nothing comes of it later', async () => {
    const target = await paid('cancel-pending-7')
    const name = reference()
    const stop = () => sandbox.gateway.stopCancellation(sandbox.context(name), target)
    failed('SBX_NOT_FOUND')(await stop())
    await cancel(target, cancelRequest(6_000), name)
    const at = sandbox.now()
    assert.deepEqual(await stop(), { kind: 'succeeded', value: { at } })
    await sandbox.advance(60)
    assert.deepEqual(await stop(), { kind: 'succeeded', value: { at } })
    assert.equal(await inquire(target, name), 'STOPPED')
    failed('SBX_CANCEL_STOPPED')(await cancel(target, cancelRequest(6_000), name))
    const entry = await entryOf(target)
    assert.deepEqual([entry.cancelledAmount, entry.reservedAmount], [0, 0])
    const done = reference()
    await cancel(target, cancelRequest(10_000), done, 'approve')
    failed('SBX_CANCEL_NOT_PENDING')(await sandbox.gateway.stopCancellation(sandbox.context(done), target))
  })

  it('is either stopped or completed when both happen at once', async () => {
    const target = await paid('cancel-pending-7')
    const name = reference()
    await cancel(target, cancelRequest(6_000), name)
    const stop = sandbox.gateway.stopCancellation(sandbox.context(name), target)
    const [stopped] = await Promise.all([stop, sandbox.advance(7)])
    const entry = await entryOf(target)
    assert.equal(entry.reservedAmount, 0)
    assert.equal(entry.cancelledAmount, stopped.kind === 'succeeded' ? 0 : 6_000)
  })

  it('partial-unsupported: accepts the full amount only', async () => {
    const target = await paid('partial-unsupported')
    const name = reference()
    failed('SBX_PARTIAL_NOT_ALLOWED')(await cancel(target, cancelRequest(9_999), name))
    assert.equal(await inquire(target, name), 'FAILED')
    assert.equal((await cancel(target, cancelRequest(10_000))).kind, 'succeeded')
  })

  it('keeps the books straight under any sequence of cancellations, stops and passing time', async () => {
    const step = fc.oneof(
      fc.record({
        does: fc.constant('cancel' as const),
        amount: fc.integer({ min: 1, max: 600 }),
        code: fc.constantFrom(
          'approve',
          'cancel-decline',
          'cancel-doubt-done',
          'cancel-doubt-none',
          'cancel-pending-3',
          'cancel-pending-fail-3',
        ),
        repeat: fc.boolean(),
      }),
      fc.record({ does: fc.constant('stop' as const), which: fc.nat({ max: 10 }) }),
      fc.record({ does: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 4 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const target = await paid(undefined, 1_000)
        const names: string[] = []
        for (const taken of steps) {
          if (taken.does === 'wait') await sandbox.advance(taken.seconds)
          if (taken.does === 'stop') {
            const name = names[taken.which % Math.max(1, names.length)]
            if (name !== undefined) await sandbox.gateway.stopCancellation(sandbox.context(name), target)
          }
          if (taken.does === 'cancel') {
            const name = reference()
            names.push(name)
            await cancel(target, cancelRequest(taken.amount), name, taken.code)
            if (taken.repeat) await cancel(target, cancelRequest(taken.amount), name, taken.code)
          }
          const entry = await entryOf(target)
          const sumOf = (state: string) =>
            entry.cancellations.filter((each) => each.state === state).reduce((sum, each) => sum + each.amount, 0)
          assert.equal(entry.cancelledAmount, sumOf('SUCCEEDED'))
          assert.equal(entry.reservedAmount, sumOf('PENDING'))
          assert.ok(entry.cancelledAmount + entry.reservedAmount <= entry.amount)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is stopped by the database itself should code ever refund too much', async () => {
    const target = await paid()
    await assert.rejects(
      sandbox.sql`update sandbox_transactions set cancelled_amount = 10001 where reference = ${target.reference}`,
      /never_refund_more_than_was_charged/,
    )
  })
})
