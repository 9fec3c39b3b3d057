import type { Logger } from 'pino'
import { naruFailure } from '../kernel/codes.ts'
import { wasReset } from '../kernel/work.ts'
import type { AdapterWindows } from './port/adapter.ts'
import type { PaymentWindow, PgWindow } from './port/window.ts'

/**
 * The same windows, whose exceptions are answers: a PG that cannot be reached, or code that has a bug, must leave neither a
 * shopper with an error page nor an attempt that nobody ends. Nothing is charged or stored by a window of these, so that what
 * was thrown is a failure; a return from the PG's own window is in doubt, since there the PG may charge.
 */
export const guardedWindows = ({ window, pgWindowOf }: AdapterWindows, log: Logger): AdapterWindows => {
  const guard = guardOf(log)
  return {
    window: guardedWindow(window, guard),
    pgWindowOf: (channel) => {
      const own = pgWindowOf(channel)
      return own && guardedPgWindow(own, guard)
    },
  }
}

type Guard = <Result, Instead>(instead: Instead, work: () => Promise<Result>) => Promise<Result | Instead>

/** Where a sandbox was reset meanwhile there is nothing left to answer. */
const guardOf =
  (log: Logger): Guard =>
  async (instead, work) => {
    try {
      return await work()
    } catch (error) {
      if (wasReset(error)) throw error
      log.error({ err: error }, "a payment gateway's window failed")
      return instead
    }
  }

const unavailable = { kind: 'failed', failure: naruFailure('NARU_WINDOW_UNAVAILABLE') } as const

const guardedWindow = (window: PaymentWindow, guard: Guard): PaymentWindow => ({
  refusePayment: window.refusePayment,
  refuseWindow: window.refuseWindow,
  takesMonth: window.takesMonth,
  issuesAccountsAt: window.issuesAccountsAt,
  cardCompanyOf: window.cardCompanyOf,
  bankApp: window.bankApp && guardedPgWindow(window.bankApp, guard),
  authenticate: (...call) => guard(unavailable, () => window.authenticate(...call)),
  authorizeBillingKey: (...call) => guard(unavailable, () => window.authorizeBillingKey(...call)),
  identify: (...call) => guard(unavailable, () => window.identify(...call)),
  cryptoTransfer: (...call) => guard(undefined, () => window.cryptoTransfer(...call)),
})

const guardedPgWindow = (window: PgWindow, guard: Guard): PgWindow => ({
  charges: window.charges,
  prepare: (...call) => guard(unavailable, () => window.prepare(...call)),
  verify: (...call) => guard({ kind: 'unknown', reason: 'the window failed' } as const, () => window.verify(...call)),
})
