import { isAddressable } from '../kernel/text.ts'

/** Something cannot be set up as requested. The message tells the user what is wrong and what to do instead. */
export class SetupError extends Error {}

/** Checks an id or key that people choose; `isAddressable` says why. */
export const checkChosen = (what: string, text: string): string => {
  if (!isAddressable(text))
    throw new SetupError(`The ${what} must be 1 to 255 printable characters, not blank, and neither "." nor "..".`)
  return text
}
