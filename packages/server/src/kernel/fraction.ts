/**
 * An exact fraction of integers of any size. Money that is multiplied by rates stays one until the single rounding
 * that turns it into an amount again; floating point would lose a won somewhere on the way.
 */
export type Fraction = {
  readonly numerator: bigint
  /** Always positive. */
  readonly denominator: bigint
}

export const zero: Fraction = { numerator: 0n, denominator: 1n }

export const integer = (value: bigint): Fraction => ({ numerator: value, denominator: 1n })

/** `numerator ÷ denominator` in lowest terms. Fails for a denominator of 0: a bug of the caller. */
export const fraction = (numerator: bigint, denominator: bigint): Fraction => {
  if (denominator === 0n) throw new RangeError('a fraction needs a denominator other than 0')
  if (denominator === 1n) return { numerator, denominator }
  const divisor = greatestCommonDivisor(absolute(numerator), absolute(denominator))
  const sign = denominator < 0n ? -1n : 1n
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor }
}

export const add = (left: Fraction, right: Fraction): Fraction =>
  fraction(
    left.numerator * right.denominator + right.numerator * left.denominator,
    left.denominator * right.denominator,
  )

export const negate = ({ numerator, denominator }: Fraction): Fraction => ({ numerator: -numerator, denominator })

export const subtract = (left: Fraction, right: Fraction): Fraction => add(left, negate(right))

export const multiply = (left: Fraction, right: Fraction): Fraction =>
  fraction(left.numerator * right.numerator, left.denominator * right.denominator)

/** The greatest integer that is not greater. */
export const floor = ({ numerator, denominator }: Fraction): bigint => {
  const truncated = numerator / denominator
  return numerator < 0n && truncated * denominator !== numerator ? truncated - 1n : truncated
}

/** The smallest integer that is not smaller. */
export const ceiling = (value: Fraction): bigint => -floor(negate(value))

/** The nearest integer towards zero. */
export const truncate = ({ numerator, denominator }: Fraction): bigint => numerator / denominator

/** The nearest integer away from zero. */
export const expand = (value: Fraction): bigint => (value.numerator < 0n ? floor(value) : ceiling(value))

/** The nearest integer; halves go away from zero. */
export const nearest = ({ numerator, denominator }: Fraction): bigint => {
  const rounded = (2n * absolute(numerator) + denominator) / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)

const greatestCommonDivisor = (left: bigint, right: bigint): bigint => {
  let [larger, smaller] = [left, right]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
