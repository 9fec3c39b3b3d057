/**
 * The digits of a Korean mobile number, such as 01012345678, however it was written: with hyphens, spaces, dots or brackets,
 * or as from abroad (+82 10-1234-5678). `undefined` where the text is none.
 *
 * The one reader of numbers that text messages go to, so that a number that is taken in one place is taken in all.
 */
export const mobileNumber = (text: string): string | undefined => {
  if (text.length > longest || !/^\+?[\d\s().-]+$/.test(text)) return undefined
  const digits = text
    .replaceAll(/\D/g, '')
    .replace(/^(?:00)?82(?=0?1)/, '0')
    .replace(/^00/, '0')
  return /^01\d{8,9}$/.test(digits) ? digits : undefined
}

/** Longer than anybody writes one. */
const longest = 40
