/**
 * Money is an integer in the currency's minor unit (KRW 1000 = 1000, USD 1.50 = 150), always a safe integer: the edge
 * refuses anything larger. Multiplying and dividing goes through BigInt, and every function names its rounding.
 */
export type Amount = number

/** Fails where an amount left the range that is exact: a bug, since inputs are checked at the edge. */
export const assertAmount = (amount: Amount): Amount => {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not an exact amount: ${amount}`)
  return amount
}

/** `amount × numerator ÷ denominator`, rounded to the nearest integer, halves away from zero. Exact at any size. */
export const ratioRoundedHalfUp = (amount: Amount, numerator: number, denominator: number): Amount => {
  const [n, d] = [BigInt(amount) * BigInt(numerator), BigInt(denominator)]
  const negative = n < 0n !== d < 0n
  const [absoluteN, absoluteD] = [n < 0n ? -n : n, d < 0n ? -d : d]
  const rounded = (2n * absoluteN + absoluteD) / (2n * absoluteD)
  return assertAmount(Number(negative ? -rounded : rounded))
}

/** `amount × numerator ÷ denominator`, rounded down (towards minus infinity). */
export const ratioRoundedDown = (amount: Amount, numerator: number, denominator: number): Amount => {
  const [n, d] = [BigInt(amount) * BigInt(numerator), BigInt(denominator)]
  const truncated = n / d
  const exact = truncated * d === n
  return assertAmount(Number(exact || n < 0n === d < 0n ? truncated : truncated - 1n))
}

export const sum = (amounts: Iterable<Amount>): Amount => {
  let total = 0
  for (const amount of amounts) total = assertAmount(total + amount)
  return total
}

/** The sum of amounts that somebody gave us, which each are exact and together need not be. */
export const sumAtAnySize = (amounts: Iterable<Amount>): bigint => {
  let total = 0n
  for (const amount of amounts) total += BigInt(amount)
  return total
}
