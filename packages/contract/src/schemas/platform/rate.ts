import { integer } from '../../schema.ts'

/** Rates are whole numbers in hundred-thousandths: 10 % is 10000, 100 % is 100000. */
export const rate = (description: string) =>
  integer(`${description} In hundred-thousandths: 10 % is 10000.`, { minimum: 0, maximum: 100_000 })
