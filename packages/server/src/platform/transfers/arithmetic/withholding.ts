export type Withholding = { readonly incomeTaxAmount: bigint; readonly localIncomeTaxAmount: bigint }

/**
 * The tax that is withheld from a private person's business income, in won: 3 % income tax and a tenth of that as local
 * income tax, by the income tax law. Each is cut to tens of won, as PortOne's console shows it (14,669: 440 and 40,
 * not 484). There is no smallest amount: since July 2024 the law's relief below 1,000 won does not cover such income.
 */
export const withhold = (income: bigint): Withholding => {
  const incomeTaxAmount = cutToTens((income * 3n) / 100n)
  return { incomeTaxAmount, localIncomeTaxAmount: cutToTens(incomeTaxAmount / 10n) }
}

const cutToTens = (amount: bigint): bigint => (amount / 10n) * 10n
