import { audit } from '../../src/audit/audit.ts'
import type { Sql } from '../../src/db/connect.ts'
import { testAccounts } from '../../src/gateways/sandbox/scenarios/bank-accounts.ts'
import { type AdminApi, adminOf, newAdmin } from '../support/admin.ts'
import { apiOf } from '../support/api.ts'
import { contractBody, partnerBody } from '../support/platform.ts'
import { externalCancel, externalOrder } from '../support/platform-transfers.ts'
import { apiSecret, type CrashPoint, Naru, storeId } from './naru.ts'
import { Random } from './random.ts'

type Wanted = {
  readonly partners: number
  /** How often the server is killed while transfers are registered, and while money leaves. */
  readonly kills: number
  readonly seed: number
  readonly report: (line: string) => void
}

export type PayoutSummary = {
  readonly registered: number
  readonly paid: number
  readonly kills: number
  readonly findings: readonly string[]
}

/** An account where each of these goes right in the end; a bank that never pays is another test's subject. */
const accounts = ['110123456789', ...['bank-delayed', 'bank-doubt-paid', 'bank-doubt-slow'].map(numberOf)]

function numberOf(code: string): string {
  const account = testAccounts.find((one) => one.code === code)
  if (account === undefined) throw new Error(`there is no test account ${code}`)
  return account.number
}

/** Each with an account for which the call is made. */
const points: readonly (readonly [CrashPoint, string])[] = [
  ['before transfer', '110123456789'],
  ['after transfer', '110123456789'],
  ['before inquireTransfer', numberOf('bank-doubt-paid')],
  ['after inquireTransfer', numberOf('bank-doubt-paid')],
]

/**
 * Kills the server while orders, cancellations and manual amounts are registered, around each call to the bank, and at
 * random while money leaves; kills PostgreSQL around each call as well. In the end every transfer that was acknowledged is there once, every payout is paid, and the
 * bank's ledger has each of them once.
 */
export const runPayoutKills = async (wanted: Wanted): Promise<PayoutSummary> => {
  const naru = await Naru.create()
  const sql = naru.connect()
  try {
    const run = new Run(wanted, naru, sql, await newAdmin(sql, storeId))
    const registered = await run.register()
    await run.killAtPoints()
    await run.losePostgresAtPoints()
    await run.payUnderKills()
    return { registered, kills: run.kills, ...(await run.finish()) }
  } finally {
    await sql.end({ timeout: 1 })
    await naru.close(false)
  }
}

class Run {
  readonly #wanted: Wanted
  readonly #naru: Naru
  readonly #sql: Sql
  readonly #secret: string
  readonly #random: Random
  readonly #findings: string[] = []
  kills = 0

  constructor(wanted: Wanted, naru: Naru, sql: Sql, secret: string) {
    this.#wanted = wanted
    this.#naru = naru
    this.#sql = sql
    this.#secret = secret
    this.#random = new Random(wanted.seed)
  }

  /** The server has another address after each start. */
  get #api() {
    return apiOf(this.#naru.url, apiSecret)
  }

  get #admin(): AdminApi {
    return adminOf(this.#naru.url, this.#secret)
  }

  /** Orders, a part of each cancelled, and an amount by hand, for every partner. Returns how many. */
  async register(): Promise<number> {
    const { contract } = await this.#api.call('createPlatformContract', { body: contractBody() })
    const partners = Array.from({ length: this.#wanted.partners }, (_, index) => this.#newPartner(contract.id, index))
    const work = (await Promise.all(partners)).map((partnerId) => () => this.#registerFor(partnerId))
    let isDone = false
    const workers = Array.from({ length: 4 }, async () => {
      for (let next = work.pop(); next !== undefined; next = work.pop()) await next()
    })
    const registering = Promise.all(workers).finally(() => {
      isDone = true
    })
    for (let kill = 0; kill < this.#wanted.kills && !isDone; kill++) await this.#killSoon()
    await registering
    const ids = await this.#sql<{ id: string; count: number }[]>`
      select transfer_id as id, count(*) from platform_transfers where deleted_at is null group by 1`
    const expected = this.#wanted.partners * 3
    if (ids.length !== expected) this.#findings.push(`${ids.length} transfers are there of ${expected}`)
    await this.#audit('after registering')
    return ids.length
  }

  async #newPartner(contractId: string, index: number): Promise<string> {
    const { account, ...body } = partnerBody(contractId)
    const number = accounts[index % accounts.length] ?? ''
    const given = { ...body, account: { ...account, number } }
    return (await this.#api.call('createPlatformPartner', { body: given })).partner.id
  }

  async #registerFor(partnerId: string): Promise<void> {
    const paidAt = new Date(Date.parse((await this.#clock()).now) - 3 * 86_400_000).toISOString()
    const id = `${partnerId}-order`
    const payment = { currency: 'KRW', paidAt } as const
    const order = externalOrder(partnerId, { id, externalPaymentDetail: payment })
    await this.#insist(() => this.#api.send('createPlatformOrderTransfer', { body: order }))
    const cancel = externalCancel(id, {
      id: `${partnerId}-cancel`,
      orderDetail: { orderAmount: 4_000 },
      externalCancellationDetail: { cancelledAt: paidAt },
    })
    await this.#insist(() => this.#api.send('createPlatformOrderCancelTransfer', { body: cancel }))
    const settlementDate = paidAt.slice(0, 10)
    const manual = { id: `${partnerId}-manual`, partnerId, settlementAmount: 500, settlementDate }
    await this.#insist(() => this.#api.send('createPlatformManualTransfer', { body: manual }))
  }

  async #clock(): Promise<{ now: string }> {
    for (;;) {
      const answer = await this.#api.send('getSandboxClock', {}).catch(() => undefined)
      if (answer?.status === 200) return JSON.parse(answer.text)
      await this.#naru.up()
    }
  }

  /** Repeats what got no answer. Its id says whether it was done before: then it is there, and must not be there twice. */
  async #insist(send: () => Promise<{ status: number; text: string }>): Promise<void> {
    for (;;) {
      const answer = await send().catch(() => undefined)
      if (answer === undefined || answer.status >= 500) await this.#naru.up()
      else if (answer.status === 200 || answer.text.includes('PLATFORM_TRANSFER_ID_ALREADY_USED')) return
      // Cancelling what a lost answer has already cancelled asks for more than there is.
      else if (answer.text.includes('PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED')) return
      else {
        this.#findings.push(`registering was refused: ${answer.status} ${answer.text}`)
        return
      }
    }
  }

  async #killSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#random.between(5, 150)))
    await this.#naru.kill()
    this.kills++
    // A day that a dead server was settling is taken over two minutes later; the test need not wait for that.
    await this.#sql`update platform_days set leased_until = null where leased_until is not null`
    await this.#naru.start()
  }

  /** Dies once right before and once right after each call to the bank. */
  async killAtPoints(): Promise<void> {
    await this.#prepare('run')
    for (const [point, account] of points) {
      const pay = await this.#payerTo(account)
      if (!(await this.#naru.dieAt(point, pay))) this.#findings.push(`${point}: the server was never there`)
      this.kills++
      await this.#naru.start()
      await this.#settleAndAudit(`killed ${point}`)
    }
  }

  /**
   * PostgreSQL dies at the same points: the bank cannot book what it was told, or has booked it and the server cannot write
   * that down. The server goes on by itself.
   */
  async losePostgresAtPoints(): Promise<void> {
    for (const [point, account] of points) {
      const pay = await this.#payerTo(account)
      if (!(await this.#naru.losePostgresAt(point, pay))) this.#findings.push(`${point}: the server was never there`)
      this.kills++
      await this.#reconnect()
      await this.#settleAndAudit(`lost PostgreSQL ${point}`)
    }
  }

  /** Orders a payout to this account that was not ordered yet. */
  async #payerTo(account: string): Promise<() => Promise<unknown>> {
    const [payout] = await this.#sql<{ id: string }[]>`
      select payout_id as id from platform_payouts where status = 'CONFIRMED' and account_number = ${account} limit 1`
    if (payout === undefined) throw new Error(`no payout to ${account} is left: wants more partners`)
    return () => this.#admin('POST', '/bulk-payouts/run/execute', { payoutIds: [payout.id] })
  }

  async #settleAndAudit(what: string): Promise<void> {
    await this.#settle()
    await this.#audit(what)
    this.#wanted.report(what)
  }

  /** The test's own connections died as well, and each is found to be dead by the first query on it. */
  async #reconnect(): Promise<void> {
    for (let answered = 0; answered < 4; )
      answered = await this.#sql`select 1`.then(
        () => answered + 1,
        () => 0,
      )
  }

  /** Once all is settled: a partner whose cancellation is, and whose order is not yet, owes money. */
  async #prepare(id: string): Promise<void> {
    const transfers = this.#wanted.partners * 3
    for (let attempt = 0; attempt < 200 && (await this.#settledTransfers()) < transfers; attempt++)
      await this.#advance()
    const dates = await this.#sql<{ day: string }[]>`
      select distinct settlement_date as day from platform_partner_settlements where status = 'PAYOUT_PREPARED'`
    await this.#done(this.#admin('POST', '/bulk-payouts', { id, settlementDates: dates.map(({ day }) => day) }))
    await this.#done(this.#admin('POST', `/bulk-payouts/${id}/generate`))
  }

  async #settledTransfers(): Promise<number> {
    const [row] = await this.#sql<[{ settled: number }]>`
      select coalesce(sum(transfer_count), 0)::integer as settled from platform_partner_settlements`
    return row.settled
  }

  async #done(answered: ReturnType<AdminApi>): Promise<void> {
    const { status, body } = await answered
    if (status !== 200) throw new Error(`the admin API answered ${status} ${JSON.stringify(body)}`)
  }

  /** The server dies again and again while a part of what is left leaves. The clock stands: its mover must not die. */
  async payUnderKills(): Promise<void> {
    const left = await this.#sql<{ id: string }[]>`
      select payout_id as id from platform_payouts where status = 'CONFIRMED' order by payout_id`
    const size = Math.ceil(left.length / this.#wanted.kills)
    for (let first = 0; first < left.length; first += size) {
      const payoutIds = left.slice(first, first + size).map(({ id }) => id)
      await this.#done(this.#admin('POST', '/bulk-payouts/run/execute', { payoutIds }))
      await this.#killSoon()
    }
  }

  async #advance(): Promise<void> {
    await this.#api.send('advanceSandboxClock', { body: { minutes: 3 } })
  }

  /** So much of the store's time passes that the bank was asked about everything. */
  async #settle(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      await this.#advance()
      const [row] = await this.#sql<[{ open: number }]>`
        select count(*) as open from platform_account_transfers where due_at is not null`
      if (row.open === 0) {
        return
      }
    }
    this.#findings.push('a withdrawal stays undecided')
  }

  /** What never reached the bank has failed with that reason, and is retried until all is paid. */
  async finish(): Promise<{ readonly paid: number; readonly findings: readonly string[] }> {
    await this.#settle()
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.#admin('POST', '/bulk-payouts/run/retry')
      await this.#settle()
    }
    const rows = await this.#sql<{ id: string; status: string; paid: number; amount: number; left: number }[]>`
      select p.payout_id as id, p.status, p.amount, count(e.*) filter (where e.state = 'DONE') as paid,
        coalesce(sum(e.amount) filter (where e.state = 'DONE'), 0)::bigint as left
      from platform_payouts p
      left join platform_account_transfers a using (merchant_id, is_for_test, payout_id)
      left join sandbox_bank_entries e on e.merchant_id = a.merchant_id and e.is_for_test = a.is_for_test
        and e.reference = a.account_transfer_id
      group by p.payout_id, p.status, p.amount`
    for (const { id, status, paid, amount, left } of rows)
      if (status !== 'SUCCEEDED' || paid !== 1 || left !== amount)
        this.#findings.push(`${id} over ${amount} is ${status}; ${left} left the bank in ${paid} transfers`)
    if (rows.length !== this.#wanted.partners) this.#findings.push(`${rows.length} payouts`)
    await this.#audit('in the end')
    return { paid: rows.length, findings: this.#findings }
  }

  async #audit(when: string): Promise<void> {
    for (const { rule, what } of (await audit(this.#sql)).findings) this.#findings.push(`${when}: ${rule}: ${what}`)
  }
}
