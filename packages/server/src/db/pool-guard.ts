import type postgres from 'postgres'

/** What is used here of the driver's query. */
type Query = { readonly handler: object; readonly reject: (reason: unknown) => void; executed: boolean }

type Handle = (this: Query) => Promise<void>

/** Whether a transaction is under way where a query of a pool is asked, by the handler of the pool's queries. */
const insides = new WeakMap<object, () => boolean>()

/**
 * Refuses queries that are asked through a pool from inside a transaction of it: they read what the transaction has not
 * written yet, and where all transactions wait for a connection of the pool none of them goes on. For tests, in which it
 * shows what would fail under load alone. Fragments of the pool may be part of what the transaction asks.
 */
export const refuseInside = (sql: postgres.Sql, isInside: () => boolean): void => {
  const query = sql``
  insides.set(Reflect.get(query, 'handler'), isInside)
  const prototype: { handle: Handle } = Object.getPrototypeOf(query)
  const { handle } = prototype
  if (guards.has(handle)) return
  const guarding: Handle = async function () {
    if (this.executed || insides.get(this.handler)?.() !== true) return await handle.call(this)
    this.executed = true
    this.reject(new Error('This is asked through the pool inside a transaction: ask its own sql instead.'))
  }
  guards.add(guarding)
  prototype.handle = guarding
}

/** The driver's queries all have one prototype, however many pools there are. */
const guards = new WeakSet<Handle>()
