import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { failed, reference } from './testing/outcomes.ts'
import { cancelRequest, cardCharge, createTestSandbox, type TestSandbox } from './testing/sandbox.ts'

describe('capturing at the sandbox PG', () => {
  let sandbox: TestSandbox

  before(async () => {
    sandbox = await createTestSandbox()
  })
  after(() => sandbox[Symbol.asyncDispose]())

  const authorized = async (code?: string) => {
    const context = sandbox.context(reference(), code, true)
    await sandbox.gateway.authorize(context, cardCharge())
    const target = { reference: context.reference }
    return { target, capture: () => sandbox.gateway.capture(sandbox.context(reference(), undefined, true), target) }
  }

  it('happens once: the second call says when', async () => {
    const { target, capture } = await authorized()
    const inquiry = () => sandbox.gateway.inquire(sandbox.context(target.reference), target)
    const open = await inquiry()
    assert.ok(open.kind === 'succeeded' && open.value.state === 'APPROVED' && !open.value.captured)
    const at = sandbox.now()
    assert.deepEqual(await capture(), { kind: 'succeeded', value: { at } })
    await sandbox.advance(5)
    assert.deepEqual(await capture(), { kind: 'succeeded', value: { at } })
    const done = await inquiry()
    assert.ok(done.kind === 'succeeded' && done.value.state === 'APPROVED' && done.value.captured)
  })

  it('is refused on a channel without it, on what is not approved, and by capture-decline', async () => {
    const context = sandbox.context(reference())
    const target = { reference: context.reference }
    await sandbox.gateway.authorize(context, cardCharge())
    failed('SBX_CAPTURE_NOT_AVAILABLE')(await sandbox.gateway.capture(sandbox.context(reference()), target))
    failed('SBX_CAPTURE_REFUSED')(await (await authorized('capture-decline')).capture())
    failed('SBX_CAPTURE_NOT_ALLOWED')(await (await authorized('decline')).capture())
    const nobody = sandbox.context(reference(), undefined, true)
    failed('SBX_NOT_FOUND')(await sandbox.gateway.capture(nobody, { reference: 'nobody' }))
  })

  it('takes what was given back in part, and nothing of what was given back in full before', async () => {
    const { target, capture } = await authorized()
    const refund = (amount?: number) =>
      sandbox.gateway.cancel(sandbox.context(reference()), target, cancelRequest(amount))
    await refund(4_000)
    assert.equal((await capture()).kind, 'succeeded')
    await refund()
    assert.equal((await capture()).kind, 'succeeded', 'it was captured before')
    const refunded = await authorized()
    await sandbox.gateway.cancel(sandbox.context(reference()), refunded.target, cancelRequest())
    failed('SBX_CAPTURE_NOT_ALLOWED')(await refunded.capture())
  })

  it('takes the codes of an ill PG from the header of its own call', async () => {
    const { target } = await authorized()
    const capture = (code: string) => sandbox.gateway.capture(sandbox.context(reference(), code, true), target)
    failed('SBX_MAINTENANCE')(await capture('maintenance'))
    assert.equal((await capture('server-error')).kind, 'unknown')
    const slow = capture('slow-3')
    while (sandbox.waiting.length === 0) await new Promise(setImmediate)
    await sandbox.advance(3)
    assert.equal((await slow).kind, 'succeeded')
    sandbox.waiting.length = 0
  })
})
