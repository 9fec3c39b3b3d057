import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { day, hour, second } from '../../kernel/clock.ts'
import type { VirtualAccount } from '../port/payment.ts'
import type { Outcome } from '../port/terms.ts'
import type { ControlOutcome, Rejection } from './acts.ts'
import type { Notice } from './notice.ts'
import { failed, reference, stateOf } from './testing/outcomes.ts'
import { accountRequest, cancelRequest, createTestSandbox, type TestSandbox } from './testing/sandbox.ts'

describe('a virtual account at the sandbox PG', () => {
  let sandbox: TestSandbox

  before(async () => {
    sandbox = await createTestSandbox()
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const issue = async (code?: string, changes: Parameters<typeof accountRequest>[0] = {}) => {
    const context = sandbox.context(reference(), code)
    const request = accountRequest({ expiresAt: sandbox.now() + day, ...changes })
    const target = { reference: context.reference }
    const outcome = await sandbox.gateway.issueVirtualAccount(context, request)
    return { context, request, target, outcome, inquire: () => sandbox.gateway.inquire(context, target) }
  }
  const accountOf = (outcome: Outcome<VirtualAccount>) => (outcome.kind === 'succeeded' ? outcome.value : assert.fail())
  const rejected = (reason: Rejection) => (outcome: ControlOutcome) => {
    assert.equal(outcome.kind, 'rejected')
    if (outcome.kind === 'rejected') assert.equal(outcome.reason, reason)
  }
  const deposit = (target: { reference: string }, input = {}) =>
    sandbox.control.deposit('store', target.reference, input, sandbox.now())
  const close = (target: { reference: string }, code?: string) =>
    sandbox.gateway.closeVirtualAccount(sandbox.context(reference(), code), target)

  it('is issued, waits, and is paid by a deposit', async () => {
    const { outcome, inquire, target, context, request } = await issue(undefined, { remitteeName: '나루상점' })
    const account = accountOf(outcome)
    assert.match(account.accountNumber, /^9088\d{10}$/)
    assert.equal(account.issuedAt, sandbox.now())
    assert.equal(account.remitteeName, '나루상점')
    assert.deepEqual(await inquire(), {
      kind: 'succeeded',
      value: { state: 'WAITING_FOR_DEPOSIT', virtualAccount: account },
    })
    await sandbox.advance(60)
    sandbox.notices.length = 0
    assert.equal((await deposit(target, { remitterName: '김나루' })).kind, 'done')
    assert.deepEqual(sandbox.notices, [{ kind: 'payment', reference: target.reference, at: sandbox.now() }])
    assert.deepEqual(await inquire(), {
      kind: 'succeeded',
      value: {
        state: 'DEPOSITED',
        virtualAccount: account,
        deposit: { paidAt: sandbox.now(), remitterName: '김나루' },
      },
    })
    assert.deepEqual(await sandbox.gateway.issueVirtualAccount(context, request), outcome)
  })

  it('takes one deposit when 16 come at once', async () => {
    const { target } = await issue()
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => deposit(target)))
    assert.equal(outcomes.filter(({ kind }) => kind === 'done').length, 1)
    for (const outcome of outcomes) if (outcome.kind === 'rejected') rejected('ALREADY_DEPOSITED')(outcome)
  })

  it('sends back deposits of a wrong amount, after closing, after expiry, and to nobody', async () => {
    const { target, inquire } = await issue()
    sandbox.notices.length = 0
    rejected('WRONG_AMOUNT')(await deposit(target, { amount: 9_999 }))
    assert.equal(stateOf(await inquire()), 'WAITING_FOR_DEPOSIT')
    assert.equal((await close(target)).kind, 'succeeded')
    rejected('CLOSED')(await deposit(target))
    rejected('NOT_FOUND')(await deposit({ reference: 'nobody' }))
    const expired = await issue(undefined, { expiresAt: sandbox.now() + hour })
    await sandbox.advance(3_600)
    rejected('EXPIRED')(await deposit(expired.target))
    rejected('NO_SUCH_ACCOUNT')(await deposit((await issue('va-fail')).target))
    assert.deepEqual(sandbox.notices, [])
  })

  it('is closed once: the second call says when; not after the deposit', async () => {
    const { target, inquire } = await issue()
    const at = sandbox.now()
    assert.deepEqual(await close(target), { kind: 'succeeded', value: { at } })
    await sandbox.advance(10)
    assert.deepEqual(await close(target), { kind: 'succeeded', value: { at } })
    assert.equal(stateOf(await inquire()), 'CLOSED')
    const paid = await issue()
    await deposit(paid.target)
    failed('SBX_CLOSE_NOT_ALLOWED')(await close(paid.target))
    failed('SBX_NOT_FOUND')(await close({ reference: 'nobody' }))
  })

  it('gets either the deposit or the closing when both come at once', async () => {
    for (let round = 0; round < 8; round++) {
      const { target, inquire } = await issue()
      const [deposited, closed] = await Promise.all([deposit(target), close(target)])
      assert.notEqual(deposited.kind === 'done', closed.kind === 'succeeded')
      assert.equal(stateOf(await inquire()), deposited.kind === 'done' ? 'DEPOSITED' : 'CLOSED')
    }
  })

  it('can be ended by the bank before its time', async () => {
    const { target, inquire } = await issue()
    sandbox.notices.length = 0
    assert.equal((await sandbox.control.expire('store', target.reference, sandbox.now())).kind, 'done')
    assert.equal(stateOf(await inquire()), 'CLOSED')
    assert.equal(sandbox.notices.length, 1)
    rejected('NOT_WAITING')(await sandbox.control.expire('store', target.reference, sandbox.now()))
  })

  it('gives a deposit back by hand, unless something was refunded', async () => {
    const { target, inquire } = await issue()
    const reverse = () => sandbox.control.reverse('store', target.reference, sandbox.now())
    rejected('NOT_DEPOSITED')(await reverse())
    await deposit(target)
    assert.equal((await reverse()).kind, 'done')
    assert.equal(stateOf(await inquire()), 'WAITING_FOR_DEPOSIT')
    await deposit(target)
    await sandbox.gateway.cancel(sandbox.context(reference()), target, cancelRequest())
    rejected('ALREADY_REFUNDED')(await reverse())
  })

  it('refunds to an account, and says what is wrong with it', async () => {
    const { target } = await issue()
    const refund = (number: string | undefined, amount: number | undefined = 1_000) =>
      sandbox.gateway.cancel(sandbox.context(reference()), target, {
        ...cancelRequest(amount),
        refundAccount: number === undefined ? undefined : { bank: 'KAKAO', number, holderName: '김나루' },
      })
    failed('SBX_CANCEL_NOT_ALLOWED')(await refund('3333011234567'))
    await deposit(target)
    failed('SBX_REFUND_ACCOUNT_REQUIRED')(await refund(undefined))
    failed('SBX_HOLDER_MISMATCH')(await refund('3333010000001'))
    failed('SBX_ACCOUNT_CLOSED')(await refund('3333010000002'))
    assert.equal((await refund('3333011234567')).kind, 'succeeded')
  })

  it('is issued once for each reference, and only by banks that issue any', async () => {
    const { context, request, outcome } = await issue()
    assert.deepEqual(await sandbox.gateway.issueVirtualAccount(context, request), outcome)
    const other = { ...request, amount: 1 }
    failed('SBX_IDEMPOTENCY_MISMATCH')(await sandbox.gateway.issueVirtualAccount(context, other))
    failed('SBX_BANK_NOT_SUPPORTED')((await issue(undefined, { bank: 'BANK_OF_KOREA' })).outcome)
  })

  it('gives a fixed account to the oldest payment that waits for the deposited amount', async () => {
    const fixed = { accountType: 'FIXED', pgAccountId: 'customer-1' } as const
    const large = await issue(undefined, { ...fixed, amount: 30_000 })
    const first = await issue(undefined, fixed)
    await sandbox.advance(1)
    const second = await issue(undefined, fixed)
    const { accountNumber } = accountOf(first.outcome)
    assert.equal(accountOf(large.outcome).accountNumber, accountNumber)
    const pay = (amount: number) => sandbox.control.depositToAccount('store', accountNumber, { amount }, sandbox.now())
    const paidBy = async (amount: number) => {
      const outcome = await pay(amount)
      return outcome.kind === 'done' ? outcome.transaction.reference : outcome.reason
    }
    assert.equal(await paidBy(10_000), first.target.reference)
    assert.equal(await paidBy(10_000), second.target.reference)
    assert.equal(await paidBy(10_000), 'NO_SUCH_ACCOUNT')
    assert.equal(await paidBy(30_000), large.target.reference)
  })

  it('follows the general scenarios too', async () => {
    const doubt = await issue('doubt-approved')
    assert.equal(doubt.outcome.kind, 'unknown')
    assert.equal(stateOf(await doubt.inquire()), 'WAITING_FOR_DEPOSIT')
    const pending = await issue('pending-paid-5')
    assert.equal(pending.outcome.kind, 'pending')
    await sandbox.advance(5)
    assert.equal(stateOf(await pending.inquire()), 'WAITING_FOR_DEPOSIT')
    failed('SBX_MAINTENANCE')((await issue('maintenance')).outcome)
  })

  for (const [amount, seconds, code] of [
    [990020, 5, undefined],
    [10_000, 12, 'va-auto-12'],
  ] as const) {
    it(`${code ?? amount}: is paid by itself after ${seconds} seconds`, async () => {
      const { inquire, target } = await issue(code, { amount })
      const at = sandbox.now()
      sandbox.notices.length = 0
      await sandbox.advance(60)
      const known = await inquire()
      assert.ok(known.kind === 'succeeded' && known.value.state === 'DEPOSITED')
      assert.equal(known.value.deposit.paidAt, at + seconds * second)
      assert.deepEqual(sandbox.notices, [{ kind: 'payment', reference: target.reference, at: at + seconds * second }])
    })
  }

  it('990021: the deposit is announced before the issue is answered, and does not wait for it', async () => {
    const order: string[] = []
    const answered = Promise.withResolvers<void>()
    const taken = Promise.withResolvers<void>()
    sandbox.taking.notice = async (notice: Notice) => {
      order.push(`announced ${notice.kind}`)
      await answered.promise
      taken.resolve()
    }
    const { outcome, inquire } = await issue(undefined, { amount: 990021 })
    order.push('answered')
    accountOf(outcome)
    answered.resolve()
    await taken.promise
    sandbox.taking.notice = async () => {}
    assert.deepEqual(order, ['announced payment', 'answered'])
    assert.equal(stateOf(await inquire()), 'DEPOSITED')
  })

  it('990022: is paid after 5 seconds, and the deposit is taken back 10 seconds later', async () => {
    const { inquire } = await issue(undefined, { amount: 990022 })
    await sandbox.advance(5)
    assert.equal(stateOf(await inquire()), 'DEPOSITED')
    sandbox.notices.length = 0
    await sandbox.advance(10)
    assert.equal(stateOf(await inquire()), 'WAITING_FOR_DEPOSIT')
    assert.equal(sandbox.notices.length, 1)
  })

  it('990023: a wrong amount comes and is sent back; only the log tells', async () => {
    const { inquire } = await issue(undefined, { amount: 990023 })
    sandbox.logged.length = 0
    await sandbox.advance(60)
    assert.equal(stateOf(await inquire()), 'WAITING_FOR_DEPOSIT')
    assert.deepEqual(sandbox.logged, ['sandbox: the bank sent a deposit back: WRONG_AMOUNT'])
  })

  it('990024: is never paid', async () => {
    const { inquire, target } = await issue(undefined, { amount: 990024 })
    rejected('REFUSED')(await deposit(target))
    await sandbox.advance(2 * 86_400)
    assert.equal(stateOf(await inquire()), 'WAITING_FOR_DEPOSIT')
  })

  it('990025: is paid 10 seconds after it expired, even if it was closed then', async () => {
    for (const closes of [false, true]) {
      const { inquire, target, request } = await issue(undefined, { amount: 990025 })
      await sandbox.advance(86_400)
      if (closes) await close(target)
      await sandbox.advance(10)
      const known = await inquire()
      assert.ok(known.kind === 'succeeded' && known.value.state === 'DEPOSITED')
      assert.equal(known.value.deposit.paidAt, request.expiresAt + 10 * second)
    }
  })

  it('990026: cannot be issued', async () => {
    const { outcome, inquire } = await issue(undefined, { amount: 990026 })
    failed('SBX_BANK_DOWN')(outcome)
    assert.equal(stateOf(await inquire()), 'FAILED')
  })

  it('990027: the deposit is announced three times', async () => {
    await issue(undefined, { amount: 990027 })
    sandbox.notices.length = 0
    await sandbox.advance(5)
    assert.equal(sandbox.notices.length, 3)
  })

  it('990028: closing is refused', async () => {
    const { target, inquire } = await issue(undefined, { amount: 990028 })
    failed('SBX_CLOSE_REFUSED')(await close(target))
    assert.equal(stateOf(await inquire()), 'WAITING_FOR_DEPOSIT')
  })

  it('990029: closing is executed but the answer is lost; the second call succeeds', async () => {
    const { target, inquire } = await issue(undefined, { amount: 990029 })
    assert.equal((await close(target)).kind, 'unknown')
    assert.equal(stateOf(await inquire()), 'CLOSED')
    assert.equal((await close(target)).kind, 'succeeded')
  })
})
