import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Sql } from '../db/connect.ts'
import { type Instant, realTime, second } from '../kernel/clock.ts'

export type MonitoringParts = {
  readonly sql: Sql
  /** When the due loop last looked for work. */
  readonly lastLook: () => Instant
}

export type Monitoring = {
  /** Records a call to a PG: its method, how it ended, and its seconds. */
  readonly observeGatewayCall: (method: string, result: string, seconds: number) => void
  /** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: for Prometheus. */
  addTo(app: FastifyInstance, parts: MonitoringParts): void
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]

/** The loop looks every second; silent for this long, it hangs or the database does. */
const longestSilence = 30 * second

export const createMonitoring = (): Monitoring => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'naru_http_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['route', 'method', 'status'],
    buckets,
    registers: [registry],
  })
  const gatewayCalls = new Histogram({
    name: 'naru_gateway_call_duration_seconds',
    help: 'How long calls to payment gateways took, by method and result.',
    labelNames: ['method', 'result'],
    buckets,
    registers: [registry],
  })
  return {
    observeGatewayCall: (method, result, seconds) => gatewayCalls.labels(method, result).observe(seconds),
    addTo: (app, parts) => {
      addDueBacklog(registry, parts.sql)
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'unknown'
        requests.labels(route, request.method, String(reply.statusCode)).observe(reply.elapsedTime / 1000)
        done()
      })
      addProbes(app, parts)
      app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
    },
  }
}

const addProbes = (app: FastifyInstance, { sql, lastLook }: MonitoringParts): void => {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const unavailable = (message: string) => reply.code(503).send({ status: 'unavailable', message })
    try {
      await sql`select 1 from schema_migrations limit 1`
    } catch {
      return unavailable('The database does not answer.')
    }
    return realTime() - lastLook() > longestSilence ? unavailable('The due loop stands still.') : { status: 'ready' }
  })
}

/** Counting stops here: a backlog of this size is an alarm, whatever its exact size. */
const countedBacklog = 10_000

/** What waits for its time or is late, by live stores' time; read when scraped. */
const addDueBacklog = (registry: Registry, sql: Sql): void => {
  new Gauge({
    name: 'naru_due_backlog',
    help: `Rows whose time has come and that nobody has done yet, at most ${countedBacklog}.`,
    labelNames: ['source'],
    registers: [registry],
    async collect() {
      const [row] = await sql<[{ webhook: number; payment: number }]>`
        select
          (select count(*) from (select 1 from webhooks where due_at <= now() limit ${countedBacklog}) w) as webhook,
          (select count(*) from (select 1 from payments where due_at <= now() limit ${countedBacklog}) p) as payment`
      this.labels('webhook').set(row.webhook)
      this.labels('payment').set(row.payment)
    },
  })
}
