import { Problem } from './json.ts'

/**
 * Reads the `Idempotency-Key` header: a string after RFC 8941 in double quotes, or the same bare, as an earlier
 * edition of PortOne's documentation had it. `"k"` and `k` are one key.
 */
export const readIdempotencyKey = (header: string | string[]): string | Problem => {
  // Node joins repeated headers by a comma, which a quoted string cannot hold outside its quotes.
  const text = (typeof header === 'string' ? header : header.join(', ')).trim()
  const key = text.startsWith('"') ? unquote(text) : bare.exec(text)?.[0]
  if (key === undefined || key.length < 16 || key.length > 256) {
    return new Problem('The Idempotency-Key header', 'be 16 to 256 ASCII characters in double quotes')
  }
  return key
}

/** Visible ASCII without what would need quotes. */
const bare = /^[!#-+\--[\]-~]+$/

/** RFC 8941: printable ASCII, where only `"` and `\` are escaped, by a backslash. */
const unquote = (text: string): string | undefined => {
  const content = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(text)?.[1]
  return content?.replace(/\\(["\\])/g, '$1')
}
