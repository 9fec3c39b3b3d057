import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { createTestDatabase } from '../../test/support/database.ts'
import { realTime } from '../kernel/clock.ts'
import { createMonitoring } from './monitoring.ts'

const withMetrics = async (work: (ask: (url: string, headers?: object) => Promise<Answer>) => Promise<void>) => {
  await using database = await createTestDatabase()
  const app = Fastify()
  createMonitoring().addTo(app, {
    sql: database.sql,
    lastLook: realTime,
    dueProblem: () => undefined,
    stopping: new AbortController().signal,
    hosts: ['metrics.example'],
  })
  await work(async (url, headers = {}) => {
    const { statusCode, body } = await app.inject({ url, headers: { host: '127.0.0.1', ...headers } })
    return { status: statusCode, body }
  })
  await app.close()
}

type Answer = { readonly status: number; readonly body: string }

test('metrics are read under an address or a name that was given, not under any other', () =>
  withMetrics(async (ask) => {
    assert.equal((await ask('/metrics')).status, 200)
    assert.equal((await ask('/metrics', { host: 'metrics.example:8080' })).status, 200)
    const refused = await ask('/metrics', { host: 'evil.example' })
    assert.equal(refused.status, 403)
    assert.match(refused.body, /NARU_ALLOWED_HOSTS/)
    assert.equal((await ask('/healthz', { host: 'evil.example' })).status, 200)
  }))

test('paths that clients make up are one series', () =>
  withMetrics(async (ask) => {
    const count = async () =>
      (await ask('/metrics')).body.split('\n').filter((line) => line.startsWith('naru_http')).length
    await ask('/nothing')
    await count()
    const before = await count()
    for (let index = 0; index < 50; index++) await ask(`/nothing/${index}`)
    assert.equal(await count(), before)
    assert.match(
      (await ask('/metrics')).body,
      /naru_http_requests_total\{route="unknown",method="any",status="404"\} 51/,
    )
  }))
