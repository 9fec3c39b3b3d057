import assert from 'node:assert/strict'

/** The values at a path such as `cancellations.reason` of what an answer shows, as texts. */
export const valuesAt = (shown: unknown, path: string): readonly string[] =>
  path
    .split('.')
    .reduce<readonly unknown[]>((values, name) => values.flatMap((value) => Object(value)[name] ?? []), [shown])
    .map(String)

/** By the field of a filter: the filters that must find a thing, read off what it shows, or why nothing can be found by the field. */
export type Ways<Shown, Field extends string, Filter> = Readonly<
  Record<Field, ((shown: Shown) => readonly Filter[]) | string>
>

type Lists<Shown, Filter> = {
  readonly things: readonly Shown[]
  readonly idOf: (shown: Shown) => string
  readonly find: (filter: Filter) => Promise<readonly string[]>
  /** Of each field no more values are looked for. */
  readonly most?: number
}

/** That the list finds all things that show a value by it, and no others, and that some show one of every field. */
export const assertFound = async <Shown, Field extends string, Filter extends object>(
  { things, idOf, find, most = Number.POSITIVE_INFINITY }: Lists<Shown, Filter>,
  ways: Ways<Shown, Field, Filter>,
): Promise<void> => {
  for (const [field, way] of Object.entries<((shown: Shown) => readonly Filter[]) | string>(ways)) {
    if (typeof way === 'string') continue
    const asked = things.flatMap((shown) => way(shown).map((filter) => ({ filter, id: idOf(shown) })))
    const byFilter = Map.groupBy(asked, ({ filter }) => JSON.stringify(filter))
    assert.ok(byFilter.size > 0, `nothing shows ${field}`)
    for (const [name, [first, ...others]] of [...byFilter].slice(0, most)) {
      assert(first)
      const ids = new Set([first, ...others].map(({ id }) => id))
      assert.deepEqual((await find(first.filter)).toSorted(), [...ids].toSorted(), `${field}: ${name}`)
    }
  }
}
