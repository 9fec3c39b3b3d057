import type { Client, Request } from './client.ts'
import type { Naru } from './naru.ts'
import {
  accountOrder,
  cancelOf,
  cardOrder,
  closeOf,
  depositOf,
  discountedOrder,
  keyOrder,
  type Order,
} from './orders.ts'
import type { Random } from './random.ts'
import { cancellationOfReceipt, type Receipt, receipt } from './receipts.ts'

/** A key whose holder died is free again after ten seconds; before, a retry is told to wait. */
const leaseOver = 10_500

/** What the shop has before its first customer comes. */
export type Shop = { readonly billingKey: string; readonly promotionId: string }

/** Customers who pay, cancel and deposit without pause, and repeat what they may repeat when no answer came. */
export class Load {
  readonly #naru: Naru
  readonly #client: Client
  readonly #random: Random
  readonly #shop: Shop
  readonly #retries: { readonly request: Request; readonly at: number }[] = []
  readonly #touched = new Set<Order>()
  readonly #paid: Order[] = []
  readonly #waiting: Order[] = []
  readonly #issued: Receipt[] = []
  #runs = false
  #workers: Promise<void>[] = []
  readonly orders: Order[] = []
  readonly receipts: Receipt[] = []

  constructor(naru: Naru, client: Client, random: Random, shop: Shop) {
    this.#naru = naru
    this.#client = client
    this.#random = random
    this.#shop = shop
  }

  start(workers: number): void {
    this.#runs = true
    this.#workers = Array.from({ length: workers }, () => this.#work())
  }

  /** Starts nothing more and waits for what is under way. */
  async pause(): Promise<void> {
    this.#runs = false
    await Promise.all(this.#workers)
  }

  /** Orders that something was done about since the last call. */
  takeTouched(): readonly Order[] {
    const touched = [...this.#touched]
    this.#touched.clear()
    return touched
  }

  add(order: Order): void {
    this.orders.push(order)
    this.#touched.add(order)
  }

  /** To be sent again until there is an answer. */
  retryLater(request: Request): void {
    this.#retries.push({ request, at: performance.now() + leaseOver })
  }

  /** Repeats whatever still has no answer, for as long as it takes. */
  async finish(): Promise<void> {
    for (let next = this.#retries.shift(); next !== undefined; next = this.#retries.shift()) {
      const wait = next.at - performance.now()
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      await this.#send(next.request)
    }
  }

  async #work(): Promise<void> {
    while (this.#runs) {
      await this.#naru.up()
      const retry = this.#retries.findIndex(({ at }) => at <= performance.now())
      const [due] = retry < 0 ? [] : this.#retries.splice(retry, 1)
      await (due ? this.#send(due.request) : this.#something())
    }
  }

  async #something(): Promise<void> {
    const chance = this.#random.between(1, 100)
    if (chance <= 25) return this.#cancelPart()
    if (chance <= 33) return this.#withAccount((order) => depositOf(order))
    if (chance <= 38) return this.#withAccount((order) => closeOf(order, this.#keyed()))
    if (chance <= 40) return this.#repeat()
    if (chance <= 48) return this.#issueReceipt()
    if (chance <= 53) return this.#cancelReceipt()
    if (chance <= 63) return this.#payDiscounted()
    if (chance <= 75) return this.#payByKey()
    return this.#pay(chance <= 85)
  }

  #pay(byAccount: boolean): Promise<void> {
    return byAccount
      ? this.#place(accountOrder(this.#choice()), this.#waiting)
      : this.#place(cardOrder(this.#choice()), this.#paid)
  }

  #payByKey(): Promise<void> {
    return this.#place(keyOrder(this.#choice(), this.#shop.billingKey), this.#paid)
  }

  /** Not cancelled afterwards: what a discounted order's parts refund is a matter of its own. */
  #payDiscounted(): Promise<void> {
    return this.#place(discountedOrder(this.#choice(), this.#shop.promotionId))
  }

  /** Pays; `done` keeps the order where something may be done about it later. */
  async #place(order: Order, done?: Order[]): Promise<void> {
    this.add(order)
    await this.#send(order.payment)
    if (order.payment.answer?.status === 200) done?.push(order)
  }

  async #issueReceipt(): Promise<void> {
    const issued = receipt(this.#keyed())
    this.receipts.push(issued)
    await this.#send(issued.issue)
    if (issued.issue.answer?.status === 200) this.#issued.push(issued)
  }

  async #cancelReceipt(): Promise<void> {
    const issued = this.#issued.pop()
    if (issued === undefined) return this.#issueReceipt()
    await this.#send(cancellationOfReceipt(issued, this.#keyed()))
  }

  /** Never more than half of the order in all, so that a refusal is always wrong. */
  async #cancelPart(): Promise<void> {
    const order = this.#paid[this.#random.between(0, this.#paid.length - 1)]
    if (order === undefined) return this.#pay(false)
    const amount = this.#random.between(1, Math.ceil(order.total / 20))
    const asked = order.later.reduce((sum, request) => sum + (request.amount ?? 0), 0)
    if (asked + amount > order.total / 2) return
    this.#touched.add(order)
    await this.#send(cancelOf(order, { keyed: this.#keyed(), amount }))
  }

  /** Each account gets one request, so that none can be refused because of another. */
  async #withAccount(make: (order: Order) => Request): Promise<void> {
    const order = this.#waiting.pop()
    if (order === undefined) return this.#pay(true)
    this.#touched.add(order)
    await this.#send(make(order))
  }

  /** Asks again what was already answered: the answer must be the same. */
  async #repeat(): Promise<void> {
    const order = this.#paid[this.#random.between(0, this.#paid.length - 1)]
    if (order?.payment.key !== undefined) await this.#client.send(order.payment)
  }

  async #send(request: Request): Promise<void> {
    const sent = await this.#client.send(request)
    if (sent === 'answered') return
    if (request.key !== undefined) this.retryLater(request)
    // A server that lost its database answers at once that it cannot: do not ask it in a tight loop.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }

  #choice() {
    return { keyed: this.#keyed(), total: this.#random.between(2_000, 90_000) }
  }

  #keyed(): boolean {
    return this.#random.next() < 0.5
  }
}
