import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { minute, realTime, second } from '../../kernel/clock.ts'
import { nextDue } from '../../workers/testing/next-due.ts'
import type { Notice } from './notice.ts'
import { accountRequest, cancelRequest, cardCharge, createTestSandbox, start } from './testing/sandbox.ts'

const pay = async (sandbox: Awaited<ReturnType<typeof createTestSandbox>>, reference: string, code: string) => {
  await sandbox.gateway.authorize(sandbox.context(reference, code), cardCharge())
}

describe('notifications of the sandbox PG', () => {
  it('notify-none, -dup, -delay and -reorder change how an approval and its cancellation are announced', async () => {
    await using sandbox = await createTestSandbox()
    const timesOf = async (code: string) => {
      await pay(sandbox, code, code)
      const at = sandbox.now()
      await sandbox.gateway.cancel(sandbox.context(`${code}-cancel`), { reference: code }, cancelRequest(100))
      sandbox.notices.length = 0
      await sandbox.advance(120)
      return sandbox.notices.map((notice) => `${notice.kind} +${(notice.at - at) / second}`)
    }
    assert.deepEqual(await timesOf('approve'), [])
    assert.deepEqual(await timesOf('notify-none'), [])
    assert.deepEqual(await timesOf('notify-dup'), ['payment +0', 'payment +0', 'cancellation +0', 'cancellation +0'])
    assert.deepEqual(await timesOf('notify-delay-60'), ['payment +60', 'cancellation +60'])
    assert.deepEqual(await timesOf('notify-reorder'), ['cancellation +0', 'payment +10'])
  })

  it('notify-none and notify-delay hold back a deposit that has been made', async () => {
    await using sandbox = await createTestSandbox()
    const depositWith = async (code: string) => {
      const context = sandbox.context(code, code)
      await sandbox.gateway.issueVirtualAccount(context, accountRequest())
      await sandbox.advance(120)
      sandbox.notices.length = 0
      await sandbox.control.deposit('store', code, {}, sandbox.now())
      const known = await sandbox.gateway.inquire(context, { reference: code })
      assert.ok(known.kind === 'succeeded' && known.value.state === 'DEPOSITED')
      return sandbox.notices.length
    }
    assert.equal(await depositWith('notify-none'), 0)
    assert.equal(await depositWith('notify-dup'), 2)
    assert.equal(await depositWith('notify-delay-60'), 0)
    await sandbox.advance(60)
    assert.equal(sandbox.notices.length, 1)
  })

  it('are repeated, later and later, until the platform takes them', async () => {
    await using sandbox = await createTestSandbox()
    await pay(sandbox, 'payment', 'pending-paid-10')
    const tried: number[] = []
    sandbox.taking.notice = async () => {
      tried.push((sandbox.now() - start) / second)
      if (tried.length < 4) throw new Error('not now')
    }
    await sandbox.advance(3_600)
    assert.deepEqual(tried, [10, 70, 310, 1_270])
    assert.deepEqual([...(await nextDue(sandbox.sql, sandbox.due, 'store', sandbox.now() + 1_000 * minute))], [])
    assert.deepEqual(sandbox.logged, Array(3).fill('sandbox: a notification was not taken; it is repeated later'))
  })

  it('are repeated where the platform could not ask about them, also when they were delivered by hand', async () => {
    await using sandbox = await createTestSandbox()
    await pay(sandbox, 'payment', 'pending-paid-10')
    sandbox.taking.notice = async () => false
    await sandbox.advance(10)
    const [notification] = await sandbox.sql<{ id: string }[]>`select notification_id as id from sandbox_notifications`
    assert.ok(notification)
    assert.equal(await sandbox.control.deliver('store', notification.id, sandbox.now()), true)
    sandbox.taking.notice = async () => true
    await sandbox.advance(600)
    assert.equal(sandbox.notices.length, 3)
    assert.deepEqual([...(await nextDue(sandbox.sql, sandbox.due, 'store', sandbox.now() + 1_000 * minute))], [])
  })

  it('survive a crash between the settlement and the announcement', async () => {
    await using sandbox = await createTestSandbox()
    await pay(sandbox, 'payment', 'pending-paid-10')
    await sandbox.sql`update sandbox_transactions set state = 'APPROVED', settled_at = ${start + 10 * second}`
    await sandbox.advance(10)
    assert.equal(sandbox.notices.length, 1)
  })

  it('are claimed once by two servers, when due by the clock of the store', async () => {
    await using sandbox = await createTestSandbox()
    for (let payment = 0; payment < 20; payment++) await pay(sandbox, `payment-${payment}`, 'pending-paid-10')
    assert.equal((await sandbox.due.claim('store', 100)).length, 0)
    await sandbox.sql`update stores set clock_stopped_at = ${start + 10 * second}`
    const claimed = (await Promise.all([sandbox.due.claim('store', 15), sandbox.due.claim('store', 15)])).flat()
    const later = await sandbox.due.claim('store', 100)
    const ids = [...claimed, ...later].map(({ id }) => id)
    assert.equal(ids.length, 20)
    assert.equal(new Set(ids).size, 20)
    assert.equal((await sandbox.due.claim('store', 100)).length, 0)
  })

  it('are claimed again when whoever had them died', async () => {
    await using sandbox = await createTestSandbox()
    await pay(sandbox, 'payment', 'pending-paid-0')
    assert.equal((await sandbox.due.claim('store', 100)).length, 1)
    assert.equal((await sandbox.due.claim('store', 100)).length, 0)
    await sandbox.sql`update sandbox_notifications set leased_until = ${realTime() - 1}`
    assert.equal((await sandbox.due.claim('store', 100)).length, 1)
  })

  it('are left to the clock while it is being advanced', async () => {
    await using sandbox = await createTestSandbox()
    await pay(sandbox, 'payment', 'pending-paid-0')
    await sandbox.sql`update stores set clock_target = ${start + minute}`
    assert.equal((await sandbox.due.claim('store', 100)).length, 0)
    assert.equal((await nextDue(sandbox.sql, sandbox.due, 'store', start))[0]?.dueAt, start)
  })

  it('of one payment come in their order, even when several are overdue', async () => {
    await using sandbox = await createTestSandbox()
    await sandbox.gateway.issueVirtualAccount(sandbox.context('account', 'va-reversal'), accountRequest())
    await sandbox.sql`update stores set clock_stopped_at = ${start + minute}`
    const states: string[] = []
    sandbox.taking.notice = async (notice: Notice) => {
      const known = await sandbox.gateway.inquire(sandbox.context('account'), { reference: notice.reference })
      if (known.kind === 'succeeded') states.push(known.value.state)
    }
    for (let due = await sandbox.due.claim('store', 10); due.length > 0; due = await sandbox.due.claim('store', 10))
      await Promise.all(due.map((item) => sandbox.due.run(item)))
    assert.deepEqual(states, ['DEPOSITED', 'WAITING_FOR_DEPOSIT'])
  })

  it('run twice at once settle once', async () => {
    await using sandbox = await createTestSandbox()
    await pay(sandbox, 'payment', 'cancel-pending-5')
    await sandbox.gateway.cancel(sandbox.context('cancel'), { reference: 'payment' }, cancelRequest(6_000))
    const [item] = await nextDue(sandbox.sql, sandbox.due, 'store', start + minute)
    assert.ok(item)
    await Promise.all([sandbox.due.run(item), sandbox.due.run(item), sandbox.due.run(item)])
    const [entry] = await sandbox.control.ledgerOf('store')
    assert.deepEqual([entry?.cancelledAmount, entry?.reservedAmount], [6_000, 0])
  })
})
