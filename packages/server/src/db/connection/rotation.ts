import type { Address, Target } from './address.ts'
import type { SessionKind } from './session-kind.ts'

/** Which of several servers is dialled first. One rotation serves all connections of a pool. */
export class Rotation {
  readonly sought: SessionKind | undefined
  readonly #targets: readonly Target[]
  #first = 0
  #wrong = 0

  constructor({ targets, sought }: Pick<Address, 'targets' | 'sought'>) {
    this.#targets = targets
    this.sought = sought
  }

  /**
   * All of them, for one dial, which uses the first that can be reached. Each begins with another, as the driver has it
   * where it dials itself; where a kind is sought, with the one that was right last.
   */
  next(): readonly Target[] {
    const order = [...this.#targets.slice(this.#first), ...this.#targets.slice(0, this.#first)]
    if (this.sought === undefined) this.#first = this.#after(this.#first)
    return order
  }

  /** The server is of the kind that is sought. */
  settleOn(target: Target): void {
    if (this.sought === undefined) return
    this.#first = this.#targets.indexOf(target)
    this.#wrong = 0
  }

  /**
   * The server that was reached in this order is of the wrong kind, and those before it could not be reached: the next
   * dial begins behind it. An error when that was the last.
   */
  passOver(order: readonly Target[], target: Target): Error | undefined {
    const [start] = order
    // Another connection has passed it over already.
    if (start !== this.#targets[this.#first]) return undefined
    this.#first = this.#after(this.#targets.indexOf(target))
    this.#wrong += order.indexOf(target) + 1
    if (this.#wrong < this.#targets.length) return undefined
    this.#wrong = 0
    return Object.assign(
      new Error(
        `None of the reachable database servers is ${this.sought}, as target_session_attrs in DATABASE_URL requires.`,
      ),
      // cannot_connect_now: one of them will be promoted, or come back.
      { code: '57P03' },
    )
  }

  #after(index: number): number {
    return (index + 1) % this.#targets.length
  }
}
