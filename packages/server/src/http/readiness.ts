import type { Sql } from '../db/connect.ts'
import { databaseProblem } from '../db/database-problem.ts'
import { type Instant, realTime, second } from '../kernel/clock.ts'

export type ReadinessParts = {
  readonly sql: Sql
  /** When the due loop last looked for work. */
  readonly lastLook: () => Instant
  /** Why nothing that is due runs here: this machine's clock, or a database that a newer version has migrated. */
  readonly dueProblem: () => string | undefined
  /** Aborted when the server is about to stop: load balancers must go elsewhere before connections are refused. */
  readonly stopping: AbortSignal
}

/** Returns why this server is not ready; `undefined` if it is. Takes `probeTime` at most. */
export type Readiness = () => Promise<string | undefined>

/** The loop looks every second. If it is silent for this long, it or the database hangs. */
const longestSilence = 30 * second

/** Load balancers seldom wait longer for a probe; Kubernetes waits one second unless told otherwise. */
const probeTime = 900

export const createReadiness = ({ sql, lastLook, dueProblem, stopping }: ReadinessParts): Readiness => {
  let probing: Promise<string | undefined> | undefined
  /** One at a time: probes of a silent database would use up its connections. */
  const database = () => {
    probing ??= databaseProblem(sql).finally(() => {
      probing = undefined
    })
    return probing
  }
  return async () => {
    if (stopping.aborted) return 'The server is about to stop.'
    if (realTime() - lastLook() > longestSilence) return 'The due loop has stopped.'
    return dueProblem() ?? (await withinProbeTime(database()))
  }
}

const withinProbeTime = async (probing: Promise<string | undefined>): Promise<string | undefined> => {
  const silence = Promise.withResolvers<string>()
  const timer = setTimeout(() => silence.resolve(`The database did not answer within ${probeTime} ms.`), probeTime)
  try {
    return await Promise.race([probing, silence.promise])
  } finally {
    clearTimeout(timer)
  }
}
