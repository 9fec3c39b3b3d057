/** Whether PostgreSQL can store the text: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/**
 * Text that may name something for good: 1–255 characters, which fits any index, without control characters and line
 * separators, which break logs and terminals.
 */
export const isPrintable = (text: string): boolean => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,255}$/u.test(text)

/**
 * Text that may become an id which URLs address later: printable, not blank, and neither `.` nor `..`, which URL
 * libraries collapse.
 */
export const isAddressable = (text: string): boolean =>
  isPrintable(text) && text.trim() !== '' && text !== '.' && text !== '..'
