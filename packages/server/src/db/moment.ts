import { digestOf } from '../kernel/digest.ts'
import { Latest } from './latest.ts'

/** So long an answer is kept, in milliseconds. */
export const moment = 5_000

/** Of more questions they are asked for again. */
const most = 1_000

type Kept<Answer> = { readonly at: number; readonly answer: Promise<Answer> }

/**
 * Answers that may be a moment old, such as which way to rows is the shortest: whoever asks meanwhile, or again, gets the same one. An
 * error is not kept.
 */
export class Moment<Answer> {
  readonly #kept = new Latest<Kept<Answer>>(most)
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  ask(question: string, find: () => Promise<Answer>): Promise<Answer> {
    const key = digestOf(question)
    const kept = this.#kept.get(key)
    if (kept && this.#now() - kept.at < moment) return kept.answer
    const answer = find()
    this.#kept.set(key, { at: this.#now(), answer })
    answer.catch(() => this.#kept.get(key)?.answer === answer && this.#kept.delete(key))
    return answer
  }
}
