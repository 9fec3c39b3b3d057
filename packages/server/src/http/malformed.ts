/** A place in a text, both from 1, as editors count. */
export type Position = { readonly line: number; readonly column: number }

/**
 * Where a text stops being JSON; `undefined` where it never does. `JSON.parse` names the place of some mistakes only, and
 * quotes the text around others, which may hold a card number.
 */
export const malformedAt = (text: string): Position | undefined => {
  const index = faultIn(text)
  if (index === undefined) return undefined
  const before = text.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}

const space = /[ \t\n\r]*/y
const scalar =
  /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy

/** Matches at a place, and returns where the match ends. */
const after = (pattern: RegExp, text: string, index: number): number | undefined => {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** What may stand next: a value, a key of an object, or what follows a value. `first` may be the end of what has just begun. */
type Expected = 'value' | 'first value' | 'key' | 'first key' | 'end'

/** Reads on token by token, with the brackets that are open. */
const faultIn = (text: string): number | undefined => {
  const open: string[] = []
  let expected: Expected = 'value'
  let index = 0
  for (;;) {
    index = after(space, text, index) ?? index
    const character = text[index]
    if (expected === 'end') {
      if (open.length === 0) return index < text.length ? index : undefined
      if (character === ',') expected = open.at(-1) === '}' ? 'key' : 'value'
      else if (character !== undefined && character === open.at(-1)) open.pop()
      else return index
      index++
    } else if (expected.startsWith('first') && character === open.at(-1)) {
      open.pop()
      expected = 'end'
      index++
    } else if (expected === 'key' || expected === 'first key') {
      const end = character === '"' ? after(scalar, text, index) : undefined
      if (end === undefined) return index
      const colon = after(space, text, end) ?? end
      if (text[colon] !== ':') return colon
      expected = 'value'
      index = colon + 1
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']')
      expected = character === '{' ? 'first key' : 'first value'
      index++
    } else {
      const end = after(scalar, text, index)
      if (end === undefined) return index
      expected = 'end'
      index = end
    }
  }
}
