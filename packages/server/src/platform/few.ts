/** So many ids are enough to see what is meant. */
const shown = 10

/** Ids for a message: all of them, or where they are many the first ones and how many there are. */
export const fewOf = (ids: readonly string[]): string =>
  ids.length > shown ? `${ids.slice(0, shown).join(', ')}, … (${ids.length} in all)` : ids.join(', ')
