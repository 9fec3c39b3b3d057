import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfiguration } from '../configuration.ts'
import { webhookUrlProblem } from './configured-url.ts'

const shared = {
  DATABASE_URL: 'postgres://naru@localhost/naru',
  NARU_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
}

const addresses: Readonly<Record<string, string>> = { shop: '172.18.0.3', 'shop.example': '93.184.216.34' }

const problemOf = (environment: Readonly<Record<string, string>>) =>
  webhookUrlProblem(readConfiguration(environment), async (name) => {
    const address = addresses[name]
    if (address === undefined) throw new Error(`The name ${name} has no address.`)
    return [{ address, family: 4 }]
  })

test('a webhook URL that a shared server would not call is told of, with the remedy', async () => {
  for (const host of ['127.0.0.1:3000', '[::1]:3000', 'localhost:3000', 'shop:3000']) {
    const NARU_WEBHOOK_URL = `http://${host}/webhook`
    const problem = await problemOf({ ...shared, NARU_WEBHOOK_URL })
    assert.match(problem ?? '', /^Webhooks to NARU_WEBHOOK_URL will not be delivered: .*NARU_WEBHOOK_ALLOWED_TARGETS/)
    assert.equal(await problemOf({ NARU_WEBHOOK_URL }), undefined)
  }
  const NARU_WEBHOOK_ALLOWED_TARGETS = 'shop, 127.0.0.1'
  for (const host of ['127.0.0.1:3000', 'shop:3000', 'shop.example', 'unknown.example'])
    assert.equal(
      await problemOf({ ...shared, NARU_WEBHOOK_ALLOWED_TARGETS, NARU_WEBHOOK_URL: `https://${host}/webhook` }),
      undefined,
    )
})
