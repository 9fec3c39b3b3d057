import type postgres from 'postgres'

/** What is used here of the driver's query. */
type Query = {
  readonly strings: unknown
  readonly args: unknown
  readonly handler: unknown
  readonly canceller: unknown
  readonly options: unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** Of one that is read in slices. */
  readonly cursorRows: unknown
  readonly cursorFn: unknown
  readonly constructor: new (...parts: unknown[]) => Promise<unknown>
  cancelled: unknown
}

/**
 * Repeats a query whose prepared statement is no longer valid (a migration changed its result, or somebody ran `discard
 * all`) as a new query, through the pool. PostgreSQL refuses such a statement before it runs, so nothing happens twice.
 *
 * The driver (postgres.js 3.4.9) repeats it too, in a way that loses data. It serialises the parameters that it has
 * serialised before: an array fails with "values.map is not a function", and a document is stored as a text. And it
 * describes the statement anew on a connection that takes other queries meanwhile, so that one query can be given the
 * rows of another. It notes that it repeats a query in `retried`, and sends nothing for a query that is `cancelled`.
 * That is where this steps in. One connection forgets its statement with each failure, so the repeats end. In transactions, where
 * nothing can be repeated, no statement is prepared under a name.
 */
export const repeatLostStatements = (sql: postgres.Sql): void => {
  const prototype = Object.getPrototypeOf(sql``)
  if (Object.hasOwn(prototype, 'retried')) return
  Object.defineProperty(prototype, 'retried', {
    set(this: Query) {
      this.cancelled = true
      repeated(this).then(this.resolve, this.reject)
    },
  })
}

const repeated = ({
  constructor: Query,
  strings,
  args,
  handler,
  canceller,
  options,
  ...rest
}: Query): Promise<unknown> => {
  const { cursorRows, cursorFn } = rest
  return Object.assign(new Query(strings, args, handler, canceller, options), { cursorRows, cursorFn })
}
