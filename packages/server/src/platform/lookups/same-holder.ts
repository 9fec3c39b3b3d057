/**
 * Whether two names of an account's holder are the same to people: spaces around them, and how the letters are composed (macOS pastes
 * Hangul in pieces), cannot be seen.
 */
export const isSameHolder = (one: string, other: string): boolean => shown(one) === shown(other)

const shown = (name: string): string => name.normalize('NFC').trim()
