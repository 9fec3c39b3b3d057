/** How many do heavy work at a time: of each tenant, and of all together. `waiting` says how many more of each are too many. */
export type TurnLimits = { readonly each: number; readonly all: number; readonly waiting?: number }

/** A turn that was asked for. Ending it makes room, also before it has begun. */
export type Turn = { readonly begun: Promise<void>; end(): void }

type Tenant = { running: number; readonly waiting: Set<() => void> }

/**
 * Lets tenants do heavy work in turn: one after the other in a circle, and within a tenant who waits longest. So a hundred
 * requests of one cost another no more than those that already run.
 */
export class Turns {
  readonly #limits: TurnLimits
  /** In the order in which they are due: who has begun something moves to the end. */
  readonly #tenants = new Map<string, Tenant>()
  #running = 0

  constructor(limits: TurnLimits) {
    this.#limits = limits
  }

  /** Does the work when it is the tenant's turn. */
  async run<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const turn = this.take(id)
    await turn.begun
    try {
      return await work()
    } finally {
      turn.end()
    }
  }

  /** Whether as many of the tenant wait as may. */
  isFull(id: string): boolean {
    const { waiting = Number.POSITIVE_INFINITY } = this.#limits
    return (this.#tenants.get(id)?.waiting.size ?? 0) >= waiting
  }

  /** For work whose turn does not end with it. */
  take(id: string): Turn {
    const tenant = this.#tenants.get(id) ?? { running: 0, waiting: new Set() }
    this.#tenants.set(id, tenant)
    const { promise, resolve } = Promise.withResolvers<void>()
    const begin = () => resolve()
    tenant.waiting.add(begin)
    this.#beginNext()
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      if (!tenant.waiting.delete(begin)) {
        tenant.running -= 1
        this.#running -= 1
      }
      if (tenant.running + tenant.waiting.size === 0) this.#tenants.delete(id)
      this.#beginNext()
    }
    return { begun: promise, end }
  }

  get size(): number {
    return this.#tenants.size
  }

  #beginNext(): void {
    while (this.#running < this.#limits.all) {
      const due = [...this.#tenants].find(([, { running, waiting }]) => waiting.size > 0 && running < this.#limits.each)
      if (due === undefined) return
      const [id, tenant] = due
      const [begin] = tenant.waiting
      if (begin === undefined) return
      tenant.waiting.delete(begin)
      tenant.running += 1
      this.#running += 1
      this.#tenants.delete(id)
      this.#tenants.set(id, tenant)
      begin()
    }
  }
}
