/** Whether PostgreSQL can store the text: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/**
 * Text that may name something for good: 1–255 characters, which fits any index, without control characters and line
 * separators, which break logs and terminals.
 */
export const isPrintable = (text: string): boolean => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,255}$/u.test(text)

/**
 * Text for a message, which may quote what a client sent: characters that break logs and terminals, or turn the direction of
 * what follows, are escaped like `\\u0000`.
 */
export const escapeControls = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The first so many UTF-16 code units of a text, without half of a surrogate pair at the end, which PostgreSQL refuses to store. */
export const beginningOf = (text: string, length: number): string => {
  if (text.length <= length) return text
  const beginning = text.slice(0, length)
  return /[\uD800-\uDBFF]$/.test(beginning) ? beginning.slice(0, -1) : beginning
}

/**
 * Somebody else's text as people may be shown it and PostgreSQL can store it: on one line, without characters that break logs
 * and terminals or turn the direction of what follows, and at most `longest` UTF-16 code units, cut between characters. Empty
 * where nothing is left.
 */
export const plainLine = (text: string, longest: number): string =>
  text
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .trim()

/**
 * Text that may become an id which URLs address later: printable, not blank, and neither `.` nor `..`, which URL
 * libraries collapse.
 */
export const isAddressable = (text: string): boolean =>
  isPrintable(text) && text.trim() !== '' && text !== '.' && text !== '..'
