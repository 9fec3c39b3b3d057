import { isAddressable } from '../kernel/text.ts'

/** What was asked for cannot be set up. The message is for whoever asked: what is wrong and what to do instead. */
export class SetupError extends Error {}

/** Checks an id or key that people choose; `isAddressable` says why. */
export const checkChosen = (what: string, text: string): string => {
  if (!isAddressable(text))
    throw new SetupError(`The ${what} must be 1 to 255 printable characters, not blank, and neither "." nor "..".`)
  return text
}
