import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Sql } from '../db/connect.ts'

export type MonitoringParts = {
  readonly sql: Sql
  /** How often the due loop looked for work so far: a loop that stands still does not count on. */
  readonly rounds: () => number
}

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: for Prometheus. */
export const addMonitoring = (app: FastifyInstance, { sql, rounds }: MonitoringParts): void => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'naru_http_request_duration_seconds',
    help: 'How long requests took, by operation and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [registry],
  })
  new Gauge({
    name: 'naru_due_loop_rounds_total',
    help: 'Rounds of the loop that does what falls due.',
    registers: [registry],
    collect() {
      this.set(rounds())
    },
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    requests.labels(route, request.method, String(reply.statusCode)).observe(reply.elapsedTime / 1000)
    done()
  })
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    try {
      await sql`select 1 from schema_migrations limit 1`
      return { status: 'ready' }
    } catch {
      return reply.code(503).send({ status: 'unavailable', message: 'The database does not answer.' })
    }
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}
