import { isPrintable } from '../kernel/text.ts'

/** What was asked for cannot be set up. The message is for whoever asked: what is wrong and what to do instead. */
export class SetupError extends Error {}

/**
 * Holds an id, key or name that people choose to 1–255 printable characters. More would not fit an index, control
 * characters break logs and terminals, and URL libraries swallow the path segments `.` and `..`.
 */
export const checkChosen = (what: string, text: string): string => {
  if (!isPrintable(text)) throw new SetupError(`The ${what} must be 1 to 255 printable characters.`)
  if (text === '.' || text === '..') throw new SetupError(`The ${what} cannot be "${text}": no URL can address it.`)
  return text
}
