import type { FastifyBaseLogger } from 'fastify'
import { isPassing } from '../db/passing.ts'
import { troubleOf } from '../db/trouble.ts'
import { second } from '../kernel/clock.ts'
import { ServerIsOutdated, ServerStops, TakenOver, wasReset } from '../kernel/work.ts'
import { internal, type Outcome, outdated, outstanding, reset, stops, unavailable } from './outcome.ts'

type Failed = { readonly requestId: string; readonly operation?: string; readonly method?: string }

/**
 * What is answered to a request that an exception has ended. It is a bug, or an unreachable database, unless the request was
 * called off: the log has it in full; the client gets its id in the log.
 */
export const failureOf = (error: unknown, log: FastifyBaseLogger, request: Failed): Outcome => {
  // Another server took the request over. Sent again, it gets that server's answer.
  if (error instanceof TakenOver) return outstanding(second)
  if (wasReset(error)) return reset
  if (error instanceof ServerStops) return stops
  if (error instanceof ServerIsOutdated) return outdated(error.message)
  log.error({ err: error, ...request }, 'a request failed')
  const trouble = troubleOf(error)
  return isPassing(error) || trouble !== undefined
    ? unavailable(request.requestId, trouble)
    : internal(request.requestId)
}
