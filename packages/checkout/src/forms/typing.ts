/** What a field holds, and before which of its characters the caret is. */
export type Written = { readonly text: string; readonly caret: number }

/** How a field writes what is before its caret, and what is behind it. */
export type Format = (head: string, tail: string) => Written

/** What the browser made of a key, of what was pasted, or of what was filled in. */
export type Typed = Written & {
  readonly before: string
  /** As the browser names what was done: `insertText`, `deleteContentBackward`, ... */
  readonly inputType: string
}

/**
 * What becomes of what was typed. The caret stays behind the digits that were before it: browsers take it to the end of a field
 * that is written anew, and the next digit of a shopper who corrects one would land there.
 */
export const written = (format: Format, typed: Typed): Written => {
  const { text, caret, before, inputType } = typed
  const [head, tail] = [text.slice(0, caret), text.slice(caret)]
  // A keyboard of full width types digits, too.
  const usual = format(head.normalize('NFKC'), tail.normalize('NFKC'))
  const separator = before.slice(caret, before.length - tail.length)
  const isSeparatorAlone = before === head + separator + tail && !/[0-9A-Za-z]/.test(separator)
  // What the field would only write again takes the digit beside it along: nothing would happen otherwise.
  if (!isSeparatorAlone || usual.text === text) return usual
  if (/^delete.*Backward$/.test(inputType)) return format(head.slice(0, -1), separator + tail)
  return /^delete.*Forward$/.test(inputType) ? format(head, separator + tail.slice(1)) : usual
}
