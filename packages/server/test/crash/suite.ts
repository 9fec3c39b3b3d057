import { audit } from '../../src/audit/audit.ts'
import type { Sql } from '../../src/db/connect.ts'
import { Client, type Request, request } from './client.ts'
import { Load, type Shop } from './load.ts'
import { Naru, storeId } from './naru.ts'
import { crashAt, effects, manualChannelKey, storeCard } from './points.ts'
import { Random } from './random.ts'
import { verifyReceipts } from './receipts.ts'
import { verifyBooks, verifyOrders } from './verify.ts'

export type Plan = {
  readonly seed: number
  /** How often the server, and how often PostgreSQL, is killed at some moment under load. */
  readonly serverKills: number
  readonly postgresKills: number
  /** How long there is load before a kill, in milliseconds: at random between these. */
  readonly calm: readonly [number, number]
  /** Rounds through all points around a gateway's call. */
  readonly pointRounds: number
  readonly report: (line: string) => void
}

export type Summary = {
  readonly serverKills: number
  readonly postgresKills: number
  readonly points: number
  readonly acknowledged: number
  readonly payments: number
  readonly replayed: number
  readonly inDoubt: number
  /** Milliseconds from the kill to the next answer. */
  readonly serverRecovery: readonly number[]
  readonly postgresRecovery: readonly number[]
  readonly findings: readonly string[]
  /** Kept when there are findings. */
  readonly directory: string
}

/** Kills the server and PostgreSQL in every way the plan says, and looks after each time whether anything is wrong. */
export const runCrashes = async (plan: Plan): Promise<Summary> => {
  const naru = await Naru.create()
  const sql = naru.connect()
  let isClean = false
  try {
    await addManualChannel(sql)
    const run = new Run(plan, naru, sql, await openShop(naru))
    for (let kill = 1; kill <= plan.serverKills; kill++) await run.killServer(kill)
    for (let kill = 1; kill <= plan.postgresKills; kill++) await run.killPostgres(kill)
    for (let round = 1; round <= plan.pointRounds; round++) await run.killAtPoints()
    const summary = await run.finish()
    isClean = summary.findings.length === 0
    return summary
  } finally {
    await sql.end({ timeout: 1 })
    await naru.close(!isClean)
  }
}

class Run {
  readonly #plan: Plan
  readonly #naru: Naru
  readonly #sql: Sql
  readonly #random: Random
  readonly #findings: string[] = []
  readonly #client: Client
  readonly #load: Load
  readonly #serverRecovery: number[] = []
  readonly #postgresRecovery: number[] = []
  #points = 0
  #inDoubt = 0

  constructor(plan: Plan, naru: Naru, sql: Sql, shop: Shop) {
    this.#plan = plan
    this.#naru = naru
    this.#sql = sql
    this.#random = new Random(plan.seed)
    this.#client = new Client(naru, this.#findings)
    this.#load = new Load(naru, this.#client, this.#random, shop)
  }

  async killServer(number: number): Promise<void> {
    await this.#underLoad(async () => {
      await this.#naru.kill()
      this.#serverRecovery.push(await this.#naru.start())
    })
    await this.#verify(`server kill ${number} of ${this.#plan.serverKills}`)
  }

  /** The server must start PostgreSQL again and go on by itself. */
  async killPostgres(number: number): Promise<void> {
    await this.#underLoad(async () => {
      const since = performance.now()
      await this.#naru.killPostgres()
      const before = this.#client.acknowledged
      while (this.#client.acknowledged === before && performance.now() - since < 30_000)
        await new Promise((resolve) => setTimeout(resolve, 20))
      if (this.#client.acknowledged === before) throw new Error('PostgreSQL runs again and no request succeeds')
      this.#postgresRecovery.push(performance.now() - since)
    })
    await this.#verify(`PostgreSQL kill ${number} of ${this.#plan.postgresKills}`)
  }

  /** Dies right before and right after each call with an effect. */
  async killAtPoints(): Promise<void> {
    const setting = { naru: this.#naru, client: this.#client, load: this.#load, findings: this.#findings }
    for (const effect of effects) {
      for (const side of ['before', 'after'] as const) {
        await crashAt(setting, effect, side)
        this.#points++
        this.#serverRecovery.push(await this.#naru.start())
        await this.#verify(`killed ${side} ${effect}`)
      }
    }
  }

  async finish(): Promise<Summary> {
    this.#plan.report('repeating what is unanswered, and looking at everything once more')
    await this.#load.finish()
    await this.#recover()
    await verifyOrders(this.#client, this.#load.orders)
    await verifyReceipts(this.#client, this.#load.receipts)
    await verifyBooks(this.#sql, this.#findings)
    const audited = await audit(this.#sql)
    for (const { paymentId, rule, what } of audited.findings) this.#findings.push(`${paymentId}: ${rule}: ${what}`)
    return {
      serverKills: this.#plan.serverKills,
      postgresKills: this.#plan.postgresKills,
      points: this.#points,
      acknowledged: this.#client.acknowledged,
      payments: this.#load.orders.length,
      replayed: this.#client.replayed,
      inDoubt: this.#inDoubt,
      serverRecovery: this.#serverRecovery,
      postgresRecovery: this.#postgresRecovery,
      findings: [...new Set(this.#findings)],
      directory: this.#naru.directory,
    }
  }

  async #underLoad(disaster: () => Promise<void>): Promise<void> {
    const [shortest, longest] = this.#plan.calm
    this.#load.start(12)
    await new Promise((resolve) => setTimeout(resolve, this.#random.between(shortest, longest)))
    await disaster()
    await this.#pause()
  }

  /** A request whose result is in doubt waits for it up to a minute by the store's clock: moves that on meanwhile. */
  async #pause(): Promise<void> {
    let isPaused = false
    const paused = this.#load.pause().then(() => {
      isPaused = true
    })
    while (!isPaused) {
      await Promise.race([paused, new Promise((resolve) => setTimeout(resolve, 500))])
      if (!isPaused) await this.#client.send(advance({ minutes: 2 }))
    }
  }

  async #verify(what: string): Promise<void> {
    const before = this.#findings.length
    const inDoubt = await this.#recover()
    await verifyOrders(this.#client, this.#load.takeTouched())
    await verifyBooks(this.#sql, this.#findings)
    const found = this.#findings.slice(before)
    this.#plan.report(`${what}: ${inDoubt} in doubt, ${found.length === 0 ? 'all well' : found.join('; ')}`)
  }

  /** Lets so much of the store's time pass that the server asks the PG about everything it is in doubt about. */
  async #recover(): Promise<number> {
    const [doubt] = await this.#sql<[{ count: number }]>`
      select (
        (select count(*) from payments
         where status = 'PAY_PENDING' or (due_at is not null and status <> 'VIRTUAL_ACCOUNT_ISSUED'))
        + (select count(*) from payments_under_way)
        + (select count(*) from billing_keys where due_at is not null)
        + (select count(*) from cash_receipts where due_at is not null)
      )::int as count`
    this.#inDoubt += doubt.count
    await this.#advance()
    return doubt.count
  }

  /** A few times, for the same reason as `Client.get`. */
  async #advance(): Promise<void> {
    for (let attempt = 1; attempt <= 20; attempt++)
      if ((await this.#client.send(advance({ minutes: 10 }))) === 'answered') return
    throw new Error('the clock cannot be advanced')
  }
}

const advance = (body: { minutes: number }): Request => request('advance', '/sandbox/clock/advance', { body })

/** A stored card, and a promotion that every customer may use. */
const openShop = async (naru: Naru): Promise<Shop> => {
  const client = new Client(naru, [])
  const promotion = request('promote', '/sandbox/promotions', {
    body: {
      name: 'For everybody',
      discountPolicy: { partitions: [{ amountFrom: 1, scheme: { type: 'AMOUNT', amount: 1_000 } }] },
      totalBudget: 1_000_000_000,
      endAt: '2999-01-01T00:00:00Z',
      cardCompany: 'SHINHAN_CARD',
    },
  })
  await client.send(promotion)
  const { id }: { id: string } = JSON.parse(promotion.answer?.text ?? '{}')
  return { billingKey: await storeCard(client), promotionId: id }
}

/** A second channel, whose payments are captured by hand. */
const addManualChannel = async (sql: Sql): Promise<void> => {
  await sql`
    insert into channels (store_id, channel_id, channel_key, name, type, adapter, pg_provider, pg_merchant_id,
      manual_capture, created_at)
    select store_id, channel_id || '-manual', ${manualChannelKey}, 'Captured by hand', type, adapter, pg_provider,
      pg_merchant_id, true, now()
    from channels where store_id = ${storeId} limit 1`
}
