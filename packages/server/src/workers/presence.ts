import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Sql } from '../db/connect.ts'
import { hour, second } from '../kernel/clock.ts'
import { timeOrderedId } from '../kernel/ids.ts'

/** A server that was silent for this long counts as dead. One that lives says so three times in it. */
const silence = 10 * second

/**
 * Which servers live on this database: each says so every few seconds. So a moving clock knows whether rows that are leased
 * may still be worked on, and need not wait for leases that the dead left behind.
 */
export class Presence {
  readonly #sql: Sql
  readonly #log: Logger
  readonly #serverId = timeOrderedId()
  #timer: NodeJS.Timeout | undefined
  #saying: Promise<unknown> = Promise.resolve()

  constructor(sql: Sql, log: Logger) {
    this.#sql = sql
    this.#log = log
  }

  /**
   * To be called before the server leases anything. Who has the database to itself, in its own data directory, need not wait
   * until others fall silent: they are dead.
   */
  async start(isAlone = false): Promise<void> {
    if (isAlone) await this.#sql`delete from servers`
    else await this.#sql`delete from servers where alive_until < now() - ${hour}::bigint * interval '1 millisecond'`
    await this.#say()
    this.#timer = setInterval(() => {
      this.#saying = this.#say().catch((err: unknown) =>
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
      .then(() => this.#sql`delete from servers where server_id = ${this.#serverId}`)
      .catch(() => undefined)
    await Promise.race([told, delay(second, undefined, { ref: false })])
  }

  /** Whether any other server lives, as far as is known. */
  async hasOthers(): Promise<boolean> {
    const [row] = await this.#sql<[{ hasOthers: boolean }]>`
      select exists (select from servers where server_id <> ${this.#serverId} and alive_until > now()) as "hasOthers"`
    return row.hasOthers
  }

  async #say(): Promise<void> {
    await this.#sql`
      insert into servers (server_id, alive_until)
      values (${this.#serverId}, now() + ${silence}::int * interval '1 millisecond')
      on conflict (server_id) do update set alive_until = excluded.alive_until`
  }
}
