import { type Answer, type Api, typeOf } from './api.ts'

/** Runs the work of all items, so many at a time, as a merchant's back end would. */
export const inParallel = async <Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

/** The same work so many times, all at once; `index` tells them apart. */
export const allAtOnce = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

/** Callers may reach any of the servers: each next one the next. */
export const inTurn =
  (apis: readonly [Api, ...Api[]]) =>
  (index: number): Api =>
    apis[index % apis.length] ?? apis[0]

/**
 * Sends a request without an `Idempotency-Key` again while its answer says that nothing was done, as that recommends: where many
 * come at once on a busy machine, the PG is not asked in time.
 */
export const untilExecuted = async (send: () => Promise<Answer>): Promise<Answer> => {
  for (;;) {
    const answer = await send()
    if (!answer.text.includes('"NARU_NOT_EXECUTED"')) return answer
  }
}

/** How many answers there were of each kind: `200`, or the type of the error. */
export const countOf = (answers: readonly Answer[]): Record<string, number> => {
  const counted: Record<string, number> = {}
  for (const answer of answers) {
    const name = answer.status === 200 ? '200' : typeOf(answer)
    counted[name] = (counted[name] ?? 0) + 1
  }
  return counted
}
