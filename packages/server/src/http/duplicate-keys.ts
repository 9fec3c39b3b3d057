import type { Place } from './place.ts'

/** How many members the objects of a JSON text have: each has one colon, and all other colons are in strings. */
export const countMembers = (text: string): number => {
  let members = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === colon) members++
    else if (code === quote) index = endOfString(text, index)
  }
  return members
}

const [colon, quote, backslash] = [0x3a, 0x22, 0x5c]

const endOfString = (text: string, begin: number): number => {
  for (let end = text.indexOf('"', begin + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end
  }
  return text.length
}

/** An object or an array that has begun and not ended. */
type Open = { readonly keys: Set<string> | undefined; index: number; key: string; readonly inside: Place | undefined }

/** Where a JSON text gives a key to one object twice: the place of the second. The text has been parsed. */
export const findDuplicate = (text: string): Place | undefined => {
  const open: Open[] = []
  let latest = '""'
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const current = open.at(-1)
    if (token === '{' || token === '[')
      open.push({ keys: token === '{' ? new Set() : undefined, index: 0, key: '', inside: current && placeIn(current) })
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',' && current) current.index++
    else if (token === ':' && current?.keys) {
      current.key = JSON.parse(latest)
      if (current.keys.has(current.key)) return placeIn(current)
      current.keys.add(current.key)
    } else latest = token
  }
  return undefined
}

const placeIn = ({ keys, key, index, inside }: Open): Place => ({ key: keys ? key : index, inside })
