import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Sql } from '../db/connect.ts'
import { createKnownHosts } from './known-hosts.ts'
import { envelope } from './outcome.ts'
import { createReadiness, type ReadinessParts } from './readiness.ts'
import { sendOutcome } from './transport-errors.ts'

export type MonitoringParts = ReadinessParts & {
  /** Names under which `/metrics` may be read, besides addresses and names without a dot. */
  readonly hosts: readonly string[]
}

export type Monitoring = {
  /** Records a call to a PG: its method, how it ended, and its seconds. */
  readonly observeGatewayCall: (method: string, result: string, seconds: number) => void
  /** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: for Prometheus. */
  addTo(app: FastifyInstance, parts: MonitoringParts): void
}

/**
 * In seconds. Every bucket is a line per route in each scrape, so they are few, and statuses, a dozen per route, have their
 * own counter.
 */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30]

export const createMonitoring = (): Monitoring => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'naru_http_request_duration_seconds',
    help: 'How long requests took, by route.',
    labelNames: ['route', 'method'],
    buckets,
    registers: [registry],
  })
  const answers = new Counter({
    name: 'naru_http_requests_total',
    help: 'How many requests were answered, by route and status.',
    labelNames: ['route', 'method', 'status'],
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
        // Requests without a route are one series: clients choose their paths and methods.
        const { url: route = 'unknown' } = request.routeOptions
        const method = route === 'unknown' ? 'any' : request.method
        requests.labels(route, method).observe(reply.elapsedTime / 1000)
        answers.labels(route, method, String(reply.statusCode)).inc()
        done()
      })
      addProbes(app, parts)
      const isKnown = createKnownHosts(parts.hosts)
      app.get('/metrics', async (request, reply) =>
        isKnown(request.headers.host)
          ? reply.type(registry.contentType).send(await registry.metrics())
          : sendOutcome(reply, unknownHost),
      )
    },
  }
}

const unknownHost = envelope(
  'FORBIDDEN',
  'The metrics are not served under this host name. Scrape an address instead, or add the name to NARU_ALLOWED_HOSTS.',
)

const addProbes = (app: FastifyInstance, parts: MonitoringParts): void => {
  app.get('/healthz', () => ({ status: 'ok' }))
  const readiness = createReadiness(parts)
  app.get('/readyz', async (_request, reply) => {
    const message = await readiness()
    return message === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'unavailable', message })
  })
}

/** Counting stops here: a backlog of this size is an alarm anyway. */
const countedBacklog = 10_000

/** How many rows are due, by live stores' time; read on each scrape. */
const addDueBacklog = (registry: Registry, sql: Sql): void => {
  new Gauge({
    name: 'naru_due_backlog',
    help: `Rows that are due and not done yet, at most ${countedBacklog}.`,
    labelNames: ['source'],
    registers: [registry],
    async collect() {
      const [row] = await sql<[{ webhook: number; payment: number }]>`
        select
          (select count(*) from (select 1 from webhooks where due_at <= now() limit ${countedBacklog}) w) as webhook,
          (select count(*) from (
            select 1 from payments where due_at <= now() union all select 1 from payments_under_way where due_at <= now()
            limit ${countedBacklog}
          ) p) as payment`
      this.labels('webhook').set(row.webhook)
      this.labels('payment').set(row.payment)
    },
  })
}
