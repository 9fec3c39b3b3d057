const weights = [1, 3, 7, 1, 3, 7, 1, 3, 5]

/**
 * Whether a Korean business registration number of ten digits can be one: its last digit follows from the others, by the
 * tax office's rule. PortOne's own samples fail it, so that it decides look-ups only, and refuses no partner.
 */
export const hasValidCheckDigit = (number: string): boolean => {
  if (!isTenDigits(number)) return false
  const digits = [...number].map(Number)
  const sum = weights.reduce((total, weight, place) => total + weight * (digits[place] ?? 0), 0)
  const carried = Math.floor((5 * (digits[8] ?? 0)) / 10)
  return digits[9] === (10 - ((sum + carried) % 10)) % 10
}

/** Whether it has the form of one, without hyphens. */
export const isTenDigits = (number: string): boolean => /^\d{10}$/.test(number)

export const withoutHyphens = (number: string): string => number.replaceAll('-', '')
