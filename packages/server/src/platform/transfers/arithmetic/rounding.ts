import { expand, type Fraction, nearest, truncate } from '../../../kernel/fraction.ts'

/** PortOne's three roundings. Despite its name `OFF` rounds: to the nearest integer, halves up. */
export type RoundType = 'DOWN' | 'UP' | 'OFF'

/**
 * A computed amount as an integer of the currency's minor unit. Negative amounts mirror positive ones: `DOWN` goes
 * towards zero, `UP` away from it, and halves of `OFF` too. PortOne documents positive amounts only; mirrored, what a
 * cancellation takes back is rounded as it was given.
 */
export const round = (value: Fraction, type: RoundType): bigint => {
  switch (type) {
    case 'DOWN':
      return truncate(value)
    case 'UP':
      return expand(value)
    case 'OFF':
      return nearest(value)
  }
}

/** `total` divided by weight, each part rounded down and the last taking the rest, so that the parts add up. */
export const split = (total: bigint, weights: readonly bigint[]): readonly bigint[] => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  const parts = weights.slice(0, -1).map((weight) => (whole === 0n ? 0n : (total * weight) / whole))
  const rest = parts.reduce((left, part) => left - part, total)
  return weights.length === 0 ? [] : [...parts, rest]
}
