import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PaymentClient, Webhook } from '@portone/server-sdk'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

/** What the package gives to tests; its own copy, out of the tarball. */
type Testing = typeof import('naru/testing')

const card = { credential: { number: '4242424242424242', expiryYear: '40', expiryMonth: '12' } }
const account = {
  bank: 'SHINHAN',
  expiry: { validHours: 24 },
  option: { type: 'NORMAL' },
  remitteeName: 'Naru',
} as const
const order = { orderName: 'Coffee', amount: { total: 4500 }, currency: 'KRW' } as const

/** Nothing else is there: what the package does not name, it cannot load. The SDK is what the tests speak with. */
const installDependencies = async (directory: string, unpacked: string): Promise<void> => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), '@portone/server-sdk']) {
    const link = join(directory, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(`${root}node_modules/${name}`, link)
  }
}

describe('the published package, unpacked beside the dependencies that it names', () => {
  let directory: string
  let unpacked: string
  let naru: Awaited<ReturnType<Testing['startNaru']>>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naru-package-'))
    // PostgreSQL runs as another account where root runs the tests.
    await chmod(directory, 0o755)
    await run(process.execPath, [`${root}scripts/package.ts`, directory])
    const [tarball = ''] = globSync('naru-*.tgz', { cwd: directory })
    await run('tar', ['-xzf', tarball], { cwd: directory })
    unpacked = join(directory, 'package')
    await installDependencies(directory, unpacked)
    const testing: Testing = await import(join(unpacked, 'naru/src/testing/index.js'))
    naru = await testing.startNaru()
  })
  after(async () => {
    await naru?.stop()
    await rm(directory, { recursive: true })
  })

  test('holds no TypeScript but types, no tests, and the notices of the code of others', () => {
    assert.deepEqual(globSync('**/*.{test.js,ts}', { cwd: unpacked, exclude: (name) => name.endsWith('.d.ts') }), [])
    const notices = readFileSync(join(unpacked, 'server/dist/licenses.txt'), 'utf8')
    for (const name of ['fastify', 'pino', 'postgres', 'temporal-polyfill'])
      assert.match(notices, new RegExp(`^.*\\b${name}\\b`, 'm'))
  })

  test('answers with its own version, and serves the pages and scripts that browsers load', async () => {
    const { version } = JSON.parse(readFileSync(`${root}packages/server/package.json`, 'utf8'))
    const { stdout } = await run(process.execPath, [join(unpacked, 'naru/src/main.js'), '--version'])
    assert.equal(stdout.trim(), version)
    // The page itself comes, to say that there is no such session.
    const page = await fetch(`${naru.url}/checkout/sessions/none`)
    assert.equal(page.status, 404)
    const [, script] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? []
    assert.ok(script)
    for (const path of ['/v2/browser-sdk.js', script, '/docs', '/docs/swagger-ui-bundle.js'])
      assert.equal((await fetch(`${naru.url}${path}`)).status, 200, path)
  })

  test('gives each test a store: webhooks reach the program under test, the clock moves, a reset forgets', async () => {
    const told: string[] = []
    const store = await naru.createStore({
      webhooksTo: async (body, headers) => {
        told.push(String((await Webhook.verify(store.webhookSecret, body, headers)).type))
      },
    })
    const payments = PaymentClient({ secret: store.apiSecret, baseUrl: naru.url })
    const { channelKey } = store
    await payments.payInstantly({ paymentId: 'card', channelKey, ...order, method: { card } })
    await store.waitForWebhook({ type: 'Transaction.Paid', paymentId: 'card' })
    assert.deepEqual(told, ['Transaction.Paid'])

    await payments.payInstantly({ paymentId: 'account', channelKey, ...order, method: { virtualAccount: account } })
    const { ran } = await store.advance({ days: 2 })
    assert.ok(ran.some(({ source, id }) => source === 'payment' && id === 'account'))
    await store.waitForWebhook(({ type, data }) => type === 'Transaction.Failed' && data.paymentId === 'account')
    const issued = /VirtualAccountIssued.*account/
    await assert.rejects(store.waitForWebhook('Transaction.Cancelled', { timeout: 1 }), issued)

    await store.reset()
    assert.deepEqual(store.webhooks, [])
    await assert.rejects(payments.getPayment({ paymentId: 'card' }), /There is no payment card/)
  })

  test('a webhook at which the program under test fails does not count, and is sent again', async () => {
    let failures = 1
    const store = await naru.createStore({
      webhooksTo: () => {
        if (failures-- > 0) throw new Error('not yet')
      },
    })
    const payments = PaymentClient({ secret: store.apiSecret, baseUrl: naru.url })
    await payments.payInstantly({ paymentId: 'again', channelKey: store.channelKey, ...order, method: { card } })
    await store.advance({ minutes: 10 })
    await store.waitForWebhook('Transaction.Paid')
    assert.equal(failures, -1)
    assert.equal(store.webhooks.length, 1)
  })

  test('the test that the documentation shows passes', async () => {
    const [, shown = ''] = /```js\n(.*?)```/s.exec(readFileSync(`${root}docs/install.md`, 'utf8')) ?? []
    const file = join(directory, 'shown.test.mjs')
    await writeFile(file, shown.replace("'naru/testing'", `'${join(unpacked, 'naru/src/testing/index.js')}'`))
    // Without what this test's own runner tells its children.
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
    const env = { ...inherited, NARU_URL: naru.url, NARU_API_SECRET: naru.apiSecret }
    const { stdout } = await run(process.execPath, ['--test', file], { env })
    assert.match(stdout, /^. pass 1$/m)
  })

  test('a refused call says what was refused', async () => {
    const store = await naru.createStore()
    await assert.rejects(store.call('POST', '/sandbox/clock/advance', { days: 'many' }), /400 INVALID_REQUEST/)
  })
})
