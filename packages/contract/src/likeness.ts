/**
 * Whether a name is likely another one, mistyped: `declined` for `decline`, `day` for `days`. Short names are meant to be what they are:
 * `to` is not a misspelt `id`.
 */
export const isLike = (given: string, name: string): boolean => {
  const [one, other] = [plain(given), plain(name)]
  if (one === '') return false
  if (one === other || `${one}s` === other || one === `${other}s`) return true
  const isSwapped = other.length > 3 && lettersOf(one) === lettersOf(other)
  return isSwapped || distance(one, other) <= Math.floor(other.length / 5)
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '')

/** Typed in another order, letters are the same. Not `toSorted`: the script that shops load runs in browsers of 2020. */
const lettersOf = (text: string): string => [...text].sort().join('')

/**
 * As `isLike`, for names that are few, and of which a mistyped one does harm: one character may be wrong of a short name, two of a
 * longer one.
 */
export const isNearly = (given: string, name: string): boolean =>
  isLike(given, name) || distance(given.toLowerCase(), name.toLowerCase()) <= (name.length < 6 ? 1 : 2)

/** How many characters are to be added, left out or replaced (Levenshtein). Names of very different lengths are far apart. */
const distance = (one: string, other: string): number => {
  if (Math.abs(one.length - other.length) > 4) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= other.length; column++)
      next.push(
        Math.min(
          (row[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (row[column - 1] ?? 0) + (other[column - 1] === character ? 0 : 1),
        ),
      )
    row = next
  }
  return row[other.length] ?? Number.POSITIVE_INFINITY
}
