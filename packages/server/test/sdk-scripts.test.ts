import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CreateSandboxScriptBody } from '@naru/contract'
import { pino } from 'pino'
import { connect } from '../src/db/connect.ts'
import { underScript } from '../src/gateways/sandbox/scenarios/script-steps.ts'
import { realClock } from '../src/kernel/clock.ts'
import { refuses, request } from './support/api.ts'
import { storeAt } from './support/channels.ts'
import { startNaru, type TestStore } from './support/naru.ts'
import { card, monthly, newPaymentId, type Order, order, virtualAccount } from './support/requests.ts'

type Match = CreateSandboxScriptBody['match']

const logger = pino({ level: 'silent' })

describe('outcomes laid down for the next calls, through the official SDK', async () => {
  const warnings: string[] = []
  const naru = await startNaru({ warns: (line) => warnings.push(line) })

  const lay = ({ api }: TestStore, match: Match, ...steps: string[]) =>
    api.call('createSandboxScript', { body: { match, steps } })

  const pay = ({ portone, channelKey }: TestStore, wanted: Order = {}, paymentId = newPaymentId()) =>
    portone.payment.payInstantly({ paymentId, ...order(channelKey, wanted) })

  const takenSteps = async ({ api }: TestStore) =>
    (await api.call('listSandboxScripts')).items.map((script) => script.takenSteps)

  test('a subscription whose second and third charge fail, and whose fourth succeeds', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const { billingKeyInfo } = await payment.billingKey.issueBillingKey({
      channelKey: store.channelKey,
      method: card(),
    })
    const { billingKey } = billingKeyInfo
    const match = { operation: 'CHARGE_BILLING_KEY', billingKey } as const
    await lay(store, match, 'approve', 'decline-insufficient', 'decline-expired')
    const months: string[] = []
    for (let month = 1; month <= 4; month++) {
      const timeToPay = new Date((await store.now()) + month * 30 * 86_400_000).toISOString()
      const scheduled = { paymentId: newPaymentId(), payment: monthly(billingKey), timeToPay }
      months.push((await payment.paymentSchedule.createPaymentSchedule(scheduled)).schedule.id)
    }
    await store.advance({ days: 121 })
    const outcomes = await Promise.all(
      months.map(async (paymentScheduleId) => {
        const schedule = await payment.paymentSchedule.getPaymentSchedule({ paymentScheduleId })
        return 'status' in schedule ? schedule.status : undefined
      }),
    )
    assert.deepEqual(outcomes, ['SUCCEEDED', 'FAILED', 'FAILED', 'SUCCEEDED'])
    assert.deepEqual(await takenSteps(store), [3])
  })

  test('a header whose code has no effect on the call does what it did, and the log says so, and on what it has one', async () => {
    const store = await naru.newStore()
    const { api, channelKey } = store
    const path = { paymentId: newPaymentId() }
    const said = () =>
      warnings
        .map((line) => Object(JSON.parse(line)))
        .filter(({ storeId, code }) => storeId === store.storeId && code !== undefined)
        .map(({ operation, code, effectiveOn }) => [operation, code, effectiveOn])
    await api.call('payInstantly', { path, body: order(channelKey), testCode: 'VA-auto-3' })
    await api.call('cancelPayment', { path, body: { reason: 'r', amount: 1 }, testCode: 'capture-decline' })
    assert.deepEqual(said(), [
      ['APPROVE', 'va-auto-3', ['ISSUE_VIRTUAL_ACCOUNT']],
      ['CANCEL', 'capture-decline', ['APPROVE', 'ISSUE_VIRTUAL_ACCOUNT', 'CAPTURE', 'CHARGE_BILLING_KEY']],
    ])
    const account = { paymentId: newPaymentId() }
    const body = order(channelKey, { method: virtualAccount() })
    await api.call('payInstantly', { path: account, body, testCode: 'va-auto-3' })
    await api.call('payInstantly', {
      path: { paymentId: newPaymentId() },
      body: order(channelKey),
      testCode: 'dispute',
    })
    await api.call('cancelPayment', { path, body: { reason: 'r', amount: 1 }, testCode: 'slow-1' })
    const misspelt = await api.send('payInstantly', { path: account, body: order(channelKey), testCode: 'aprove' })
    assert.equal(misspelt.status, 502)
    assert.equal(said().length, 2)
  })

  test('a step comes before customer id, card and amount, and the header before the step', async () => {
    const store = await naru.newStore()
    await lay(store, { operation: 'APPROVE' }, 'decline-lost', 'approve')
    const path = { paymentId: newPaymentId() }
    const named = await store.api.send('payInstantly', { path, body: order(store.channelKey), testCode: 'decline' })
    assert.match(named.text, /SBX_DECLINED/)
    const wrongInEveryWay = { customer: { id: 'sbx-decline' }, method: card('4000000000000069'), total: 990_002 }
    await refuses(pay(store, wrongInEveryWay), 'PG_PROVIDER', 'SBX_LOST_CARD')
    await pay(store, wrongInEveryWay)
    await refuses(pay(store, wrongInEveryWay), 'PG_PROVIDER', 'SBX_DECLINED')
  })

  test('a step that says approve lets even a card be charged that is always declined', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const stored = { channelKey: store.channelKey, method: card('4000000000000341') }
    const { billingKey } = (await payment.billingKey.issueBillingKey(stored)).billingKeyInfo
    const charge = () => payment.payWithBillingKey({ paymentId: newPaymentId(), ...monthly(billingKey) })
    await lay(store, { operation: 'CHARGE_BILLING_KEY', billingKey }, 'approve')
    await charge()
    await refuses(charge(), 'PG_PROVIDER', 'SBX_DECLINED')
  })

  test('a script is for the payment, the customer or the store that it names, and the oldest comes first', async () => {
    const [store, other] = [await naru.newStore(), await naru.newStore()]
    const paymentId = newPaymentId()
    await lay(store, { operation: 'APPROVE', paymentId }, 'decline-lost')
    await lay(store, { operation: 'APPROVE', customerId: 'kim' }, 'decline-stolen')
    await lay(store, { operation: 'APPROVE' }, 'decline-fraud', 'decline-limit')
    await pay(other)
    await refuses(pay(store), 'PG_PROVIDER', 'SBX_FRAUD')
    await refuses(pay(store, { customer: { id: 'kim' } }), 'PG_PROVIDER', 'SBX_STOLEN_CARD')
    await refuses(pay(store, {}, paymentId), 'PG_PROVIDER', 'SBX_LOST_CARD')
    await refuses(pay(store, {}, paymentId), 'PG_PROVIDER', 'SBX_LIMIT_EXCEEDED')
    await pay(store, {}, paymentId)
    assert.deepEqual(await takenSteps(store), [1, 1, 2])
  })

  test('many calls at once, through several servers, take each step once', async () => {
    const store = await naru.newStore()
    const another = (await naru.another()).clientsOf(store.apiSecret)
    await lay(
      store,
      { operation: 'APPROVE' },
      ...Array<string>(10).fill('decline'),
      ...Array<string>(5).fill('approve'),
    )
    const through = [store, { ...store, ...another }]
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, call) => pay(through[call % 2] ?? store)))
    assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 10)
    assert.deepEqual(await takenSteps(store), [15])
  })

  test('a call that a crash cut short takes the same step when it is repeated; one that was refused, the next', async () => {
    const store = await naru.newStore()
    await lay(store, { operation: 'CAPTURE' }, 'approve', 'capture-decline')
    const context = {
      storeId: store.storeId,
      channel: { ...unused, key: store.channelKey },
      reference: 'one call',
      clock: realClock,
      followsScripts: true,
    }
    const codes: (string | undefined)[] = []
    const call = (end: 'crash' | 'failed' | 'succeeded', reference = context.reference) =>
      underScript({ sql: naru.database.sql, logger }, 'CAPTURE', { ...context, reference }, async ({ testCode }) => {
        codes.push(testCode)
        if (end === 'crash') throw new Error('the process died')
        return end === 'failed'
          ? { kind: 'failed', failure: { pgCode: 'x', pgMessage: 'x' } }
          : { kind: 'succeeded', value: {} }
      })
    await assert.rejects(call('crash'))
    await assert.rejects(call('crash'))
    await Promise.all([call('succeeded'), call('succeeded')])
    await call('failed', 'another call')
    await call('succeeded', 'another call')
    assert.deepEqual(codes, ['approve', 'approve', 'approve', 'approve', 'capture-decline', undefined])
  })

  test('the same call twice at once takes one step; one of a store without scripts does not even look', async () => {
    const store = await naru.newStore()
    await lay(store, { operation: 'CAPTURE' }, ...Array<string>(9).fill('capture-decline'))
    const done = async () => ({ kind: 'succeeded', value: {} }) as const
    const { sql, url } = naru.database
    const context = {
      storeId: store.storeId,
      channel: { ...unused, key: store.channelKey },
      reference: 'one call',
      clock: realClock,
    }
    const looking = { ...context, followsScripts: true }
    await Promise.all(Array.from({ length: 8 }, () => underScript({ sql, logger }, 'CAPTURE', looking, done)))
    assert.deepEqual(await takenSteps(store), [1])
    // The last step as well: whoever finds it taken by the same call follows it.
    await lay(store, { operation: 'CANCEL' }, 'cancel-decline')
    const followed = await Promise.all(
      Array.from({ length: 8 }, async () => {
        let code: string | undefined
        await underScript({ sql, logger }, 'CANCEL', looking, async ({ testCode }) => {
          code = testCode
          return await done()
        })
        return code
      }),
    )
    assert.deepEqual(new Set(followed), new Set(['cancel-decline']))
    const closed = connect(url)
    await closed.end()
    await assert.rejects(underScript({ sql: closed, logger }, 'CAPTURE', looking, done))
    await underScript({ sql: closed, logger }, 'CAPTURE', { ...context, followsScripts: false }, done)
  })

  test('what follows a payment can be scripted call by call', async () => {
    const store = await storeAt(naru, 'INICIS_V2')
    const { payment } = store.portone
    const reason = 'changed my mind'
    const paymentId = newPaymentId()
    await pay({ ...store, channelKey: store.manualChannelKey }, { isEscrow: true }, paymentId)
    const refusals: readonly (readonly [Match['operation'], string, string, () => Promise<unknown>])[] = [
      ['CAPTURE', 'capture-decline', 'SBX_CAPTURE_REFUSED', () => payment.capturePayment({ paymentId })],
      ['CANCEL', 'cancel-decline', 'SBX_CANCEL_REFUSED', () => payment.cancelPayment({ paymentId, reason, amount: 1 })],
      [
        'REGISTER_SHIPMENT',
        'escrow-fail',
        'SBX_ESCROW_REFUSED',
        () => payment.applyEscrowLogistics({ paymentId, logistics }),
      ],
      [
        'MODIFY_SHIPMENT',
        'maintenance',
        'SBX_MAINTENANCE',
        () => payment.modifyEscrowLogistics({ paymentId, logistics }),
      ],
      ['CONFIRM_ESCROW', 'escrow-fail', 'SBX_ESCROW_REFUSED', () => payment.confirmEscrow({ paymentId })],
    ]
    for (const [operation, code, pgCode, call] of refusals) {
      await lay(store, { operation, paymentId }, code)
      await refuses(call(), 'PG_PROVIDER', pgCode)
      await call()
    }
    await lay(store, { operation: 'CANCEL', paymentId }, 'cancel-pending-86400')
    const { cancellation } = await payment.cancelPayment({ paymentId, reason, amount: 2 })
    assert('id' in cancellation)
    const stop = () => payment.stopPaymentCancellation({ paymentId, cancellationId: cancellation.id })
    await lay(store, { operation: 'STOP_CANCELLATION', paymentId }, 'maintenance')
    await refuses(stop(), 'PG_PROVIDER', 'SBX_MAINTENANCE')
    await stop()
  })

  test('a call that never arrives spends its step, and is made again', async () => {
    const store = await naru.newStore()
    const { payment } = store.portone
    const paymentId = newPaymentId()
    await pay(store, { method: virtualAccount() }, paymentId)
    await lay(store, { operation: 'CLOSE_VIRTUAL_ACCOUNT', paymentId }, 'server-error', 'va-close-doubt')
    assert.ok((await payment.closeVirtualAccount({ paymentId })).closedAt)
    assert.deepEqual(await takenSteps(store), [2])
  })

  test('persons are verified by script: the first code is wrong, whatever it is', async () => {
    const store = await naru.newStore()
    const { identityVerification } = store.portone
    const id = { identityVerificationId: 'scripted' }
    await lay(store, { operation: 'CONFIRM_IDENTITY_VERIFICATION', ...id }, 'otp-wrong', 'approve')
    const customer = { name: '김나루', phoneNumber: '01012345678', identityNumber: '9001011', ipAddress: '203.0.113.7' }
    const { channelKey } = store
    await identityVerification.sendIdentityVerification({ ...id, channelKey, customer, operator: 'SKT', method: 'SMS' })
    const confirm = () => identityVerification.confirmIdentityVerification({ ...id, otp: '000000' })
    await refuses(confirm(), 'PG_PROVIDER', 'SBX_OTP_WRONG')
    await confirm()
    assert.deepEqual(await takenSteps(store), [2])
  })

  test('a deleted script does nothing more, and neither does any after a reset', async () => {
    const store = await naru.newStore()
    const { id } = await lay(store, { operation: 'APPROVE' }, 'decline', 'decline')
    await refuses(pay(store), 'PG_PROVIDER', 'SBX_DECLINED')
    await store.api.call('deleteSandboxScript', { path: { scriptId: id } })
    await pay(store)
    await lay(store, { operation: 'APPROVE' }, 'decline')
    await store.api.call('resetSandboxStore', { body: {} })
    await pay(store)
    assert.deepEqual(await takenSteps(store), [])
    const stores = await naru.database.sql`select from stores where store_id = ${store.storeId} and follows_scripts`
    assert.equal(stores.count, 0, 'a store without scripts does not look for any')
  })

  test('what cannot be is refused, and what can is named', async () => {
    const { api, apiSecret } = await naru.newStore()
    const refusal = async (match: object, steps: readonly string[]): Promise<string> => {
      const headers = { authorization: `PortOne ${apiSecret}` }
      const body = JSON.stringify({ match, steps })
      const { status, text } = await request(naru.url, { method: 'POST', path: '/sandbox/scripts', headers, body })
      assert.equal(status, 400, text)
      return String(JSON.parse(text).message)
    }
    assert.match(await refusal({ operation: 'APPROVE' }, []), /steps must have 1 to 100/)
    assert.match(await refusal({ operation: 'APPROVE' }, Array<string>(101).fill('approve')), /1 to 100/)
    assert.match(await refusal({ operation: 'REFUND' }, ['approve']), /operation.*CANCEL/)
    assert.match(await refusal({ operation: 'APPROVE' }, ['approve', 'declin']), /steps\[1\]: "declin" .*decline-lost/)
    assert.match(
      await refusal({ operation: 'CAPTURE' }, ['otp-wrong']),
      /not a scenario of CAPTURE; allowed: approve, /,
    )
    assert.match(await refusal({ operation: 'APPROVE' }, ['slow-<s>']), /slow-<s>" is not a scenario/)
    assert.match(await refusal({ operation: 'APPROVE', billingKey: 'b' }, ['decline']), /match\.billingKey.*paymentId/)
    assert.match(await refusal({ operation: 'APPROVE', payementId: 'p' }, ['decline']), /match\.payementId.*paymentId/)
    assert.match(await refusal({ operation: 'APPROVE', paymentId: '' }, ['decline']), /paymentId must be 1 to/)
    assert.match(await refusal({ operation: 'LOOK_UP_ORDER', paymentId: 'p' }, ['maintenance']), /it takes none/)
    assert.match(await refusal({ operation: 'APPROVE', paymentId: 'a\0b' }, ['decline']), /paymentId|NUL|\\u0000/i)
    const gone = await api.send('deleteSandboxScript', { path: { scriptId: 'none' } })
    assert.equal(gone.status, 400)
  })
})

const logistics = { company: 'CJ', invoiceNumber: '1', sentAt: '2026-01-02T03:04:05Z' } as const

const unused = {
  id: 'channel',
  type: 'TEST',
  pgProvider: 'TOSSPAYMENTS',
  pgMerchantId: 'sandbox',
  manualCapture: true,
  credentials: {},
} as const
