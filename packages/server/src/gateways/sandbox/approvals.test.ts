import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import postgres from 'postgres'
import { second } from '../../kernel/clock.ts'
import type { Approval, Outcome } from '../port/terms.ts'
import { sandboxGateway } from './gateway.ts'
import { failed, reference, stateOf } from './testing/outcomes.ts'
import { accountRequest, cancelRequest, cardCharge, createTestSandbox, type TestSandbox } from './testing/sandbox.ts'

describe('a card approval at the sandbox PG', () => {
  let sandbox: TestSandbox

  before(async () => {
    sandbox = await createTestSandbox()
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const approveWith = async (code: string | undefined, changes: Parameters<typeof cardCharge>[0] = {}) => {
    const context = sandbox.context(reference(), code)
    const target = { reference: context.reference }
    return {
      context,
      target,
      outcome: await sandbox.gateway.authorize(context, cardCharge(changes)),
      inquire: () => sandbox.gateway.inquire(context, target),
    }
  }
  const approvalOf = (outcome: Outcome<Approval>): Approval => {
    assert.equal(outcome.kind, 'succeeded')
    return outcome.kind === 'succeeded' ? outcome.value : assert.fail()
  }

  it('is approved at the time of the store, and an inquiry says the same', async () => {
    const { outcome, inquire } = await approveWith(undefined, {
      installmentMonth: 3,
      useFreeInterestFromMerchant: true,
    })
    const approval = approvalOf(outcome)
    assert.equal(approval.approvedAt, sandbox.now())
    assert.equal(approval.amount, 10_000)
    assert.deepEqual(approval.method, {
      type: 'PaymentMethodCard',
      card: {
        publisher: 'SHINHAN_CARD',
        issuer: 'SHINHAN_CARD',
        brand: 'VISA',
        type: 'CREDIT',
        ownerType: 'PERSONAL',
        bin: '424242',
        name: '신한카드',
        number: '424242******4242',
      },
      approvalNumber: approval.method.type === 'PaymentMethodCard' ? approval.method.approvalNumber : '',
      installment: { month: 3, isInterestFree: true, isInterestFreeFromMerchant: true },
      pointUsed: false,
    })
    assert.deepEqual(await inquire(), {
      kind: 'succeeded',
      value: { state: 'APPROVED', approval, captured: true },
    })
  })

  it('costs one statement', async () => {
    const statements: string[] = []
    const { username, pathname, searchParams } = new URL(sandbox.url)
    const watched = postgres({
      host: searchParams.get('host') ?? 'localhost',
      username,
      database: pathname.slice(1),
      max: 1,
      fetch_types: false,
      debug: (_connection, statement) => statements.push(statement),
    })
    const gateway = sandboxGateway({ ...sandbox.parts, sql: Object.assign(watched, { begin: sandbox.sql.begin }) })
    const outcome = await gateway.authorize(sandbox.context(reference()), cardCharge())
    await watched.end()
    assert.equal(outcome.kind, 'succeeded')
    assert.equal(statements.length, 1)
  })

  it('never leaves a card number in the database', async () => {
    const context = sandbox.context(reference())
    await sandbox.gateway.authorize(context, cardCharge({ number: '5555 5555 5555 4444' }))
    await sandbox.control.authenticate(
      { storeId: 'store' },
      {
        method: { kind: 'CARD', ...cardCharge({ number: '5555 5555 5555 4444' }) },
        amount: 10_000,
        currency: 'KRW',
        now: sandbox.now(),
      },
    )
    const [row] = await sandbox.sql<{ everything: string }[]>`
    select (select string_agg(t::text, ' ') from sandbox_transactions t)
           || (select string_agg(a::text, ' ') from sandbox_authentications a) as everything`
    assert.match(row?.everything ?? '', /555555\*{6}4444/)
    assert.doesNotMatch(row?.everything ?? '', /5555\s?5555\s?5555\s?4444|expiryYear/)
  })

  it('answers a repeated reference with what was recorded, and charges once', async () => {
    const { context, outcome } = await approveWith(undefined)
    await sandbox.advance(60)
    assert.deepEqual(await sandbox.gateway.authorize(context, cardCharge()), outcome)
    const again = await Promise.all(
      Array.from({ length: 16 }, () => sandbox.gateway.authorize(context, cardCharge({ number: '4000000000000002' }))),
    )
    for (const one of again) assert.deepEqual(one, outcome)
    assert.equal((await sandbox.control.ledgerOf('store', context.reference)).length, 1)
  })

  it('refuses another amount under the same reference', async () => {
    const { context } = await approveWith(undefined)
    failed('SBX_IDEMPOTENCY_MISMATCH')(await sandbox.gateway.authorize(context, cardCharge({ amount: 9_999 })))
    failed('SBX_IDEMPOTENCY_MISMATCH')(await sandbox.gateway.authorize(context, cardCharge({ currency: 'USD' })))
    failed('SBX_IDEMPOTENCY_MISMATCH')(await sandbox.gateway.issueVirtualAccount(context, accountRequest()))
  })

  for (const [code, pgCode] of [
    ['decline', 'SBX_DECLINED'],
    ['decline-insufficient', 'SBX_INSUFFICIENT_FUNDS'],
    ['decline-lost', 'SBX_LOST_CARD'],
    ['decline-stolen', 'SBX_STOLEN_CARD'],
    ['decline-expired', 'SBX_EXPIRED_CARD'],
    ['decline-limit', 'SBX_LIMIT_EXCEEDED'],
    ['decline-velocity', 'SBX_VELOCITY'],
    ['decline-fraud', 'SBX_FRAUD'],
    ['invalid-number', 'SBX_INVALID_NUMBER'],
    ['invalid-expiry', 'SBX_INVALID_EXPIRY'],
    ['invalid-birth', 'SBX_INVALID_BIRTH'],
    ['invalid-password', 'SBX_INVALID_PASSWORD'],
    ['invalid-installment', 'SBX_INVALID_INSTALLMENT'],
    ['shopper-cancel', 'PAY_PROCESS_CANCELED'],
    ['shopper-timeout', 'SBX_AUTH_EXPIRED'],
    ['maintenance', 'SBX_MAINTENANCE'],
    ['no-such-code', 'SBX_UNKNOWN_TEST_CODE'],
  ] as const) {
    it(`${code}: fails with ${pgCode}, and an inquiry says the same`, async () => {
      const { outcome, inquire } = await approveWith(code)
      failed(pgCode)(outcome)
      const known = await inquire()
      assert.equal(stateOf(known), 'FAILED')
      assert.ok(known.kind === 'succeeded' && known.value.state === 'FAILED' && outcome.kind === 'failed')
      assert.deepEqual(known.value.failure, outcome.failure)
    })
  }

  for (const [code, states] of [
    ['doubt-approved', ['APPROVED', 'APPROVED']],
    ['doubt-failed', ['FAILED', 'FAILED']],
    ['doubt-none', ['NONE', 'NONE']],
    ['server-error', ['NONE', 'NONE']],
    ['doubt-slow', ['NONE', 'NONE', 'APPROVED', 'APPROVED']],
    ['doubt-forever', ['unknown', 'unknown', 'unknown']],
  ] as const) {
    it(`${code}: the answer is lost; inquiries say ${states.join(', ')}`, async () => {
      const { outcome, inquire } = await approveWith(code)
      assert.equal(outcome.kind, 'unknown')
      for (const state of states) assert.equal(stateOf(await inquire()), state)
    })
  }

  for (const as of ['APPROVED', 'FAILED', 'NONE'] as const) {
    it(`doubt-forever, resolved as ${as}: notifies, and inquiries say so`, async () => {
      const { inquire, target } = await approveWith('doubt-forever')
      sandbox.notices.length = 0
      const resolved = await sandbox.control.resolve('store', target.reference, as, sandbox.now())
      assert.equal(resolved.kind, 'done')
      assert.equal(stateOf(await inquire()), as)
      assert.deepEqual(sandbox.notices, [{ kind: 'payment', reference: target.reference, at: sandbox.now() }])
      const again = await sandbox.control.resolve('store', target.reference, as, sandbox.now())
      assert.ok(again.kind === 'rejected' && again.reason === 'NOT_IN_DOUBT')
    })
  }

  it('doubt-forever is not resolved any more once something was refunded', async () => {
    const { target } = await approveWith('doubt-forever')
    await sandbox.gateway.cancel(sandbox.context(reference()), target, cancelRequest(1_000))
    const resolved = await sandbox.control.resolve('store', target.reference, 'FAILED', sandbox.now())
    assert.ok(resolved.kind === 'rejected' && resolved.reason === 'ALREADY_REFUNDED')
  })

  it('slow-25: answers once the store clock has moved 25 seconds, with the time it was executed', async () => {
    const at = sandbox.now()
    const asked = approveWith('slow-25')
    while (sandbox.waiting.length === 0) await new Promise(setImmediate)
    await sandbox.advance(25)
    assert.equal(approvalOf((await asked).outcome).approvedAt, at)
    sandbox.waiting.length = 0
  })

  it('slow-40: the caller hangs up after 30 seconds, though it was executed', async () => {
    const asked = approveWith('slow-40')
    while (sandbox.waiting.length === 0) await new Promise(setImmediate)
    await sandbox.advance(30)
    const { outcome, inquire } = await asked
    assert.deepEqual(outcome, { kind: 'unknown', reason: 'timeout' })
    assert.equal(stateOf(await inquire()), 'APPROVED')
    sandbox.waiting.length = 0
  })

  for (const [code, before, after] of [
    ['pending-paid-7', 'PENDING', 'APPROVED'],
    ['pending-failed-7', 'PENDING', 'FAILED'],
  ] as const) {
    it(`${code}: pending, and ${after} is announced 7 seconds later`, async () => {
      const { outcome, inquire, target } = await approveWith(code)
      assert.equal(outcome.kind, 'pending')
      assert.equal(stateOf(await inquire()), before)
      sandbox.notices.length = 0
      const at = sandbox.now()
      await sandbox.advance(6)
      assert.equal(stateOf(await inquire()), before)
      await sandbox.advance(60)
      assert.equal(stateOf(await inquire()), after)
      assert.deepEqual(sandbox.notices, [{ kind: 'payment', reference: target.reference, at: at + 7 * second }])
    })
  }

  it('late-success: failed now, approved and announced 10 seconds later', async () => {
    const { outcome, inquire, target } = await approveWith('late-success')
    failed('SBX_DECLINED')(outcome)
    assert.equal(stateOf(await inquire()), 'FAILED')
    sandbox.notices.length = 0
    const at = sandbox.now()
    await sandbox.advance(10)
    const known = await inquire()
    assert.ok(known.kind === 'succeeded' && known.value.state === 'APPROVED')
    assert.equal(known.value.approval.approvedAt, at + 10 * second)
    assert.deepEqual(sandbox.notices, [{ kind: 'payment', reference: target.reference, at: at + 10 * second }])
  })

  it('amount-mismatch: reports 1 more than was asked, repeatedly, and a reversal refunds all of it', async () => {
    const { context, outcome, target } = await approveWith('amount-mismatch')
    assert.equal(approvalOf(outcome).amount, 10_001)
    assert.deepEqual(await sandbox.gateway.authorize(context, cardCharge()), outcome)
    const reversal = await sandbox.gateway.cancel(sandbox.context(reference()), target, cancelRequest())
    assert.equal(reversal.kind, 'succeeded')
    const [entry] = await sandbox.control.ledgerOf('store', target.reference)
    assert.equal(entry?.cancelledAmount, 10_001)
  })

  it('amount-mismatch: 1 less where more would be no exact number', async () => {
    const { outcome } = await approveWith('amount-mismatch', { amount: Number.MAX_SAFE_INTEGER })
    assert.equal(approvalOf(outcome).amount, Number.MAX_SAFE_INTEGER - 1)
  })

  it('dispute, dispute-won, dispute-lost: approved, then disputed and announced', async () => {
    for (const [code, later, end] of [
      ['dispute', 'OPEN', 'OPEN'],
      ['dispute-won', 'OPEN', 'WON'],
      ['dispute-lost', 'OPEN', 'LOST'],
    ] as const) {
      const { outcome, target } = await approveWith(code)
      const dispute = async () => (await sandbox.control.ledgerOf('store', target.reference))[0]?.dispute
      approvalOf(outcome)
      assert.equal(await dispute(), null)
      sandbox.notices.length = 0
      await sandbox.advance(10)
      assert.equal(await dispute(), later)
      await sandbox.advance(10)
      assert.equal(await dispute(), end)
      assert.equal(sandbox.notices.length, code === 'dispute' ? 1 : 2)
    }
  })

  it('bk-fail-later, and codes for later calls: approved', async () => {
    for (const code of ['approve', 'bk-fail-later', 'cancel-decline', 'partial-unsupported', 'capture-decline'])
      approvalOf((await approveWith(code)).outcome)
  })

  it('can be approved late by hand', async () => {
    const { inquire, target } = await approveWith('decline')
    const late = await sandbox.control.approveLate('store', target.reference, sandbox.now())
    assert.equal(late.kind, 'done')
    assert.equal(stateOf(await inquire()), 'APPROVED')
    const again = await sandbox.control.approveLate('store', target.reference, sandbox.now())
    assert.ok(again.kind === 'rejected' && again.reason === 'NOT_FAILED')
  })

  it('is refused for an order name that the emulated PG would refuse', async () => {
    const on = async (pgProvider: string, orderName: string) => {
      const { channel, ...context } = sandbox.context(reference())
      const outcome = await sandbox.gateway.authorize(
        { ...context, channel: { ...channel, pgProvider } },
        cardCharge({ orderName }),
      )
      return outcome.kind === 'failed' ? outcome.failure.pgCode : outcome.kind
    }
    assert.equal(await on('NICE_V2', '가'.repeat(20)), 'succeeded')
    assert.equal(await on('NICE_V2', `${'가'.repeat(20)}a`), 'SBX_INVALID_ORDER_NAME')
    assert.equal(await on('NICE_V2', '1+1'), 'SBX_INVALID_ORDER_NAME')
    assert.equal(await on('TOSSPAYMENTS', '가'.repeat(100)), 'succeeded')
    assert.equal(await on('TOSSPAYMENTS', '가'.repeat(101)), 'SBX_INVALID_ORDER_NAME')
    assert.equal(await on('INICIS_V2', '가'.repeat(101)), 'succeeded')
  })

  it('is unknown to the PG under a reference that it never saw', async () => {
    assert.equal(stateOf(await sandbox.gateway.inquire(sandbox.context('nobody'), { reference: 'nobody' })), 'NONE')
  })
})
