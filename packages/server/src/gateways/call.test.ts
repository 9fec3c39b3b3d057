import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { type Instant, realClock, realTime, second } from '../kernel/clock.ts'
import { perform } from './call.ts'
import { cardCharge, createTestSandbox } from './sandbox/testing/sandbox.ts'

test('a call goes out soon after its intent, or not at all: the PG may have been asked about it meanwhile', async () => {
  await using sandbox = await createTestSandbox()
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const parts = { log, gatewayOf: () => sandbox.gateway }
  const { storeId, channel } = sandbox.context('none')
  const chosen = {
    ...channel,
    pgProvider: 'TOSSPAYMENTS',
    name: 'Sandbox',
    adapter: 'sandbox',
    manualConfirm: false,
  } as const
  const charge = (reference: string, intendedAt: Instant, clock = realClock) =>
    perform(parts, { storeId }, chosen, { reference, clock, intendedAt }, (gateway, context) =>
      gateway.authorize(context, cardCharge()),
    )
  const known = async (reference: string) => {
    const outcome = await sandbox.gateway.inquire(sandbox.context(reference), { reference })
    return outcome.kind === 'succeeded' && outcome.value.state
  }

  assert.equal((await charge('in-time', realTime() - second)).kind, 'succeeded')
  assert.equal(await known('in-time'), 'APPROVED')
  const standing = { offset: 0, stoppedAt: realTime() - 60 * second }
  assert.equal((await charge('standing', standing.stoppedAt, standing)).kind, 'succeeded', 'by the clock of the store')

  assert.deepEqual(lines, [])
  assert.equal((await charge('late', realTime() - 10.001 * second)).kind, 'unknown')
  assert.equal(await known('late'), 'NONE')
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /"reference":"late".*was not made/)
})
