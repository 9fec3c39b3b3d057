/** What a round returns when somebody else was faster and everything must be read and decided again. */
export const again = Symbol('again')

/** More rounds than any crowd of honest rivals causes. Beyond them something else is wrong, and looping hides it. */
const maximumRounds = 100

/**
 * Runs `round` until it returns something else than `again`; throws after a hundred rounds. `what` completes "… was
 * decided 100 times without an end".
 */
export const inRounds = async <Result>(what: string, round: () => Promise<Result | typeof again>): Promise<Result> => {
  for (let count = 0; count < maximumRounds; count++) {
    const result = await round()
    if (result !== again) return result
  }
  throw new Error(`${what} was decided ${maximumRounds} times without an end`)
}
