import type { Logger } from 'pino'
import { type Instant, minute, realTime, second, toIso } from '../kernel/clock.ts'

/** A difference that is said, and one with which nothing may run that is due by real time. */
const [notable, tooMuch] = [5 * second, minute]

/** What a question for the database's time has shown: when it was asked and answered here, and what was answered. */
export type Compared = { readonly asked: Instant; readonly answered: Instant; readonly database: Instant }

/** By how much this machine's clock is ahead for certain: the answer was given at some time between the two. */
const aheadBy = ({ asked, answered, database }: Compared): number => {
  if (database < asked) return asked - database
  return database > answered ? answered - database : 0
}

/** How bad it is, and what to say about it. */
export const judgeTime = (compared: Compared): { readonly isWrong: boolean; readonly problem: string | undefined } => {
  const apart = Math.abs(aheadBy(compared))
  if (apart <= notable) return { isWrong: false, problem: undefined }
  const times = `This machine's clock shows ${toIso(compared.answered)}, that of the database ${toIso(compared.database)}`
  const problem = `${times}: they are ${Math.round(apart / second)} s apart. Synchronise the time of both machines (NTP, such as chrony).`
  return { isWrong: apart > tooMuch, problem }
}

/**
 * Compares this machine's clock with the database's, which all servers share. Due work goes by the clock of whichever server
 * finds it: one that runs ahead would charge and pay out early for all merchants, which cannot be undone.
 */
export class TimeCheck {
  readonly #log: Logger
  readonly #clock: () => Instant
  #wrong: string | undefined
  #said: 'right' | 'off' | 'wrong' = 'right'

  constructor(log: Logger, clock: () => Instant = realTime) {
    this.#log = log
    this.#clock = clock
  }

  /** Why nothing may run that is due by real time, with what to do about it: what the last comparison has shown. */
  get problem(): string | undefined {
    return this.#wrong
  }

  /** Asks a question whose answer is the database's time. */
  async compare(ask: () => Promise<Instant>): Promise<void> {
    const asked = this.#clock()
    const database = await ask()
    const { isWrong, problem } = judgeTime({ asked, answered: this.#clock(), database })
    this.#wrong = isWrong ? `${problem} Until then this server runs nothing that is due by real time.` : undefined
    this.#say(isWrong ? 'wrong' : problem === undefined ? 'right' : 'off', this.#wrong ?? problem)
  }

  /** Once for each change, since a comparison is made every few seconds. */
  #say(state: 'right' | 'off' | 'wrong', problem: string | undefined): void {
    if (state === this.#said) return
    this.#said = state
    if (problem === undefined) this.#log.info('the clocks of this machine and the database agree again')
    else this.#log.warn(problem)
  }
}
