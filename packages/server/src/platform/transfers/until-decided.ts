import { holdLease } from '../../kernel/work.ts'

/** Somebody was faster: decide again on what is there now. */
export type Lost = 'LOST'

/** So many times in a row nobody is overtaken. Whoever is has found something that contradicts itself. */
const mostAttempts = 100

/** Tries until the outcome is decided on what nobody has changed meanwhile. */
export const untilDecided = async <Outcome extends object>(
  attempt: () => Promise<Outcome | Lost>,
): Promise<Outcome> => {
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    holdLease()
    const outcome = await attempt()
    if (outcome !== 'LOST') return outcome
  }
  throw new Error(
    'nothing was decided although nothing keeps changing: the registered sums may contradict the transfers',
  )
}
