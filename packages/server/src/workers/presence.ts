import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Sql } from '../db/connect.ts'
import { hour, type Instant, second } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { TimeCheck } from './time-check.ts'

/** A server that was silent for this long counts as dead. One that lives says so three times in it. */
const silence = 10 * second

/**
 * Which servers live on this database, and of which stores they run something: each says so every few seconds. So a moving
 * clock knows whether rows that are leased may still be worked on, and need not wait for leases that the dead left behind.
 *
 * A column with each lease's holder lost: every claimed row of every table would carry it, for what happens once in months.
 */
export class Presence {
  readonly #sql: Sql
  readonly #log: Logger
  readonly #busyStores: () => readonly string[]
  readonly #time: TimeCheck
  readonly serverId = timeOrderedId()
  /** How many migrations the database had when this server came, and whether it has more. */
  #migrations: number | undefined
  #isOutdated = false
  #timer: NodeJS.Timeout | undefined
  #saying: Promise<unknown> = Promise.resolve()

  /**
   * @param busyStores of which stores this server runs something now, or may have claimed something
   * @param time hears the database's time with each word
   */
  constructor(sql: Sql, log: Logger, busyStores: () => readonly string[], time = new TimeCheck(log)) {
    this.#sql = sql
    this.#log = log
    this.#busyStores = busyStores
    this.#time = time
  }

  /**
   * Why this server must run nothing that is due, whosever it is: the database is another version's. What it claims it could not read,
   * and would keep from those that can for as long as it has it leased.
   */
  get outdated(): string | undefined {
    return this.#isOutdated
      ? 'A newer version of Naru has migrated the database. Stop this server, and start the newer version.'
      : undefined
  }

  /**
   * To be called before the server leases anything. Who has the database to itself, in its own data directory, need not wait
   * until others fall silent: they are dead.
   */
  async start(isAlone = false): Promise<void> {
    if (isAlone) await this.#sql`delete from servers`
    else await this.#sql`delete from servers where alive_until < now() - ${hour}::bigint * interval '1 millisecond'`
    await this.say()
    this.#timer = setInterval(() => {
      this.#saying = this.say().catch((err: unknown) =>
        this.#log.warn({ err }, 'could not tell other servers that this one is alive'),
      )
    }, silence / 3).unref()
  }

  /**
   * To be called when nothing that the server leased is worked on any more. A database that does not answer holds nobody up:
   * what is not said here is known after `silence`.
   */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    const told = this.#saying
      .then(() => this.#sql`delete from servers where server_id = ${this.serverId}`)
      .catch(() => undefined)
    await Promise.race([told, delay(second, undefined, { ref: false })])
  }

  /**
   * To be called once a store hands out nothing any more, as its clock is being moved. Returns a question: whether another
   * server that lives may still run something of it. Where others live the first answer is yes: it takes two of their words,
   * because the first may have been on its way with an older list.
   */
  othersOf(storeId: string): () => Promise<boolean> {
    // Text, in the database too: as an instant the driver would cut it to milliseconds, and a word of the same one would not count.
    let since: string | null = null
    return async () => {
      const [{ now, mayBeBusy }] = await this.#sql<[{ now: string; mayBeBusy: boolean }]>`
        select now()::text as now, exists (
          select from servers where server_id <> ${this.serverId} and alive_until > now() and (
            listed_after is null or listed_after <= coalesce(${since}::text::timestamptz, now()) or ${storeId} = any(busy_stores))
        ) as "mayBeBusy"`
      since ??= now
      return mayBeBusy
    }
  }

  /** Tells the others that this server lives, and what it is busy with. */
  async say(): Promise<void> {
    await this.#time.compare(() => this.#write())
  }

  async #write(): Promise<Instant> {
    const [{ time, migrations }] = await this.#sql<[{ time: Instant; migrations: number }]>`
      insert into servers (server_id, alive_until, said_at, busy_stores)
      values (${this.serverId}, now() + ${silence}::int * interval '1 millisecond', now(), ${[...this.#busyStores()]}::text[])
      on conflict (server_id) do update set alive_until = excluded.alive_until, busy_stores = excluded.busy_stores,
        listed_after = servers.said_at, said_at = excluded.said_at
      returning clock_timestamp() as time, (select count(*) from schema_migrations) as migrations`
    this.#compare(migrations)
    return time
  }

  #compare(migrations: number): void {
    this.#migrations ??= migrations
    if (migrations <= this.#migrations || this.#isOutdated) return
    this.#isOutdated = true
    this.#log.error(this.outdated)
  }
}
