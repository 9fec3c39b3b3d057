/**
 * Text that shows nothing: empty, or spaces, control characters, and characters without a shape, such as a space of no width, a mark
 * that turns the direction, a Hangul filler or an empty Braille cell.
 */
export const isBlank = (text: string): boolean =>
  /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u.test(text)
