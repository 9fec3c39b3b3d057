import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { day, hour } from '../../../kernel/clock.ts'
import { failed, reference } from '../testing/outcomes.ts'
import { accountRequest, cardCharge, createTestSandbox, start, type TestSandbox } from '../testing/sandbox.ts'
import { sandboxWindow } from '../window.ts'

describe('an approval of what a shopper authenticated at the sandbox PG', () => {
  let sandbox: TestSandbox

  before(async () => {
    sandbox = await createTestSandbox()
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const authenticate = (changes: Partial<Parameters<typeof sandbox.control.authenticate>[1]> = {}) =>
    sandbox.control.authenticate(
      { storeId: 'store' },
      {
        method: { kind: 'CARD', ...cardCharge() },
        amount: 10_000,
        currency: 'KRW',
        now: sandbox.now(),
        ...changes,
      },
    )
  const authorization = async (changes: Parameters<typeof authenticate>[0] = {}) => {
    const authenticated = await authenticate(changes)
    return authenticated.kind === 'authenticated' ? authenticated.authorization : assert.fail()
  }
  const approve = (name: string, proof: string, amount = 10_000, code?: string) =>
    sandbox.gateway.approve(sandbox.context(name, code), { ...cardCharge({ amount }), authorization: proof })

  it('charges the authenticated card, once', async () => {
    const proof = await authorization({ method: { kind: 'CARD', ...cardCharge(), issuer: 'LOTTE_CARD' } })
    const name = reference()
    const outcome = await approve(name, proof)
    assert.ok(outcome.kind === 'succeeded' && outcome.value.type === 'approval')
    assert.ok(outcome.value.method.type === 'PaymentMethodCard')
    assert.equal(outcome.value.method.card?.issuer, 'LOTTE_CARD')
    assert.deepEqual(await approve(name, proof), outcome)
    failed('SBX_AUTH_ALREADY_USED')(await approve(reference(), proof))
  })

  it('issues the account that the shopper chose', async () => {
    const method = { kind: 'VIRTUAL_ACCOUNT', ...accountRequest({ bank: 'KAKAO' }) } as const
    const outcome = await approve(reference(), await authorization({ method }))
    assert.ok(outcome.kind === 'succeeded' && outcome.value.type === 'virtual-account')
    assert.match(outcome.value.accountNumber, /^9090\d{10}$/)
    assert.equal(outcome.value.expiresAt, start + day)
  })

  it('issues it for as long as was wanted, counted from then; not once its deadline has passed', async () => {
    const method = { kind: 'VIRTUAL_ACCOUNT', ...accountRequest({ expiresAt: sandbox.now() + hour }) } as const
    const [hours, dated] = [
      await authorization({ method: { ...method, validFor: hour } }),
      await authorization({ method }),
    ]
    const name = reference()
    await sandbox.advance(3_600)
    const outcome = await approve(name, hours)
    assert.ok(outcome.kind === 'succeeded' && outcome.value.type === 'virtual-account')
    assert.equal(outcome.value.expiresAt, sandbox.now() + hour)
    failed('SBX_AUTH_EXPIRED')(await approve(reference(), dated))
    await sandbox.advance(7_200)
    assert.deepEqual(await approve(name, hours), outcome, 'what was recorded under a reference stays')
  })

  it('is refused for another amount, and for an unknown authorization', async () => {
    const proof = await authorization()
    const name = reference()
    failed('SBX_AUTH_AMOUNT_MISMATCH')(await approve(name, proof, 9_999))
    failed('SBX_AUTH_NOT_FOUND')(await approve(name, 'sbx_auth_made-up'))
    assert.equal((await approve(name, proof)).kind, 'succeeded')
  })

  it('fails where the chosen outcome says so: in the window for the shopper, at approval for the card', async () => {
    const cancelled = await authenticate({ testCode: 'shopper-cancel' })
    assert.ok(cancelled.kind === 'failed' && cancelled.failure.pgCode === 'PAY_PROCESS_CANCELED')
    const late = await authenticate({ testCode: 'shopper-timeout' })
    assert.ok(late.kind === 'failed' && late.failure.pgCode === 'SBX_AUTH_EXPIRED')
    failed('SBX_DECLINED')(await approve(reference(), await authorization({ testCode: 'decline' })))
    const insufficient = { kind: 'CARD', ...cardCharge({ number: '4000008260003178' }) } as const
    failed('SBX_INSUFFICIENT_FUNDS')(await approve(reference(), await authorization({ method: insufficient })))
  })

  it('lets the header of the approving call choose anew', async () => {
    failed('SBX_LIMIT_EXCEEDED')(await approve(reference(), await authorization(), 10_000, 'decline-limit'))
  })

  it('asks for a one-time code where the card says so, and makes one authorization of it however often it comes', async () => {
    const window = sandboxWindow(sandbox.parts)
    const method = { kind: 'CARD', ...cardCharge({ number: '4000002500003155' }) } as const
    const name = reference()
    const agree = (otp?: string, changes = {}) =>
      window.authenticate(
        { storeId: 'store', reference: name },
        { method: { ...method, ...changes }, amount: 10_000, currency: 'KRW', otp, now: sandbox.now() },
      )
    const challenged = (problem?: string) => ({ kind: 'challenged', problem })
    assert.deepEqual(await agree(), challenged())
    assert.deepEqual(await agree('123456'), challenged('WRONG'))
    const agreed = await agree('000000')
    assert.equal(agreed.kind, 'authenticated')
    assert.deepEqual(await Promise.all([agree('000000'), agree('000000')]), [agreed, agreed])
    assert.deepEqual(await agree('000000', { installmentMonth: 3 }), challenged('SENT_ANEW'))
    assert.equal((await authenticate({ method })).kind, 'authenticated')
  })

  it('goes to one payment when two use it at once', async () => {
    const proof = await authorization()
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => approve(reference(), proof)))
    assert.equal(outcomes.filter(({ kind }) => kind === 'succeeded').length, 1)
  })
})
