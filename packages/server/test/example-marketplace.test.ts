import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { audit } from '../src/audit/audit.ts'
import { createAdmin, setSecondFactor } from '../src/cli/payout-actions.ts'
import { startNaru } from './support/naru.ts'

const root = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

describe('the example of a marketplace', async () => {
  const naru = await startNaru()
  const { sql } = naru.database
  const { secret } = await createAdmin(sql, naru.storeId, 'example')
  await setSecondFactor(sql, naru.storeId, false)
  const env = {
    ...process.env,
    API_URL: naru.url,
    API_SECRET: naru.apiSecret,
    ADMIN_SECRET: secret,
    CHANNEL_KEY: naru.channelKey,
  }
  const rehearse = (changed: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [join(root, 'examples/marketplace.mjs')], { env: { ...env, ...changed } })

  test('changes nothing where the admin secret is wrong', async () => {
    await assert.rejects(rehearse({ ADMIN_SECRET: 'wrong' }), /bulk-payouts: /)
    assert.equal((await naru.api.call('getSandboxClock')).isStopped, false)
  })

  test('goes from the contract to the money in the sellers’ accounts with the numbers that the documents show', async () => {
    const { stdout } = await rehearse()
    assert.match(stdout, /painter {3}payout 40,600 - withheld 1,330 = 39,270 SUCCEEDED\n/)
    assert.match(stdout, /bank {6}80,670 left the account\n$/)
    for (const page of ['docs/settlement.md', 'docs/settlement.ko.md'])
      assert.ok(
        (await readFile(join(root, page), 'utf8')).includes(`\`\`\`\n${stdout}\`\`\``),
        `${page} shows this:\n${stdout}`,
      )
    assert.deepEqual((await audit(sql)).findings, [])
  })

  test('asks for an empty store where the month is over', async () => {
    await assert.rejects(rehearse(), /Empty the store first:\n {2}curl -X POST http:\S+\/sandbox\/reset -H .*\n$/)
    await naru.api.call('resetSandboxStore', {})
    const { stdout } = await rehearse()
    assert.match(stdout, /bank {6}80,670 left the account\n$/)
  })
})
