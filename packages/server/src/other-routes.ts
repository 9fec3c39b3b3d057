import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { rateLimit } from './checkout/rate-limit.ts'
import type { Configuration } from './configuration.ts'
import type { Sql } from './db/connect.ts'
import { serveAdmin } from './http/admin.ts'
import type { Idempotency } from './http/idempotency.ts'
import type { MerchantTurns } from './http/merchant-turns.ts'
import type { Encryption } from './kernel/encryption.ts'
import type { StoreDirectory } from './merchants/directory.ts'
import type { Modules } from './modules.ts'
import { adminHandlers } from './operations/admin.ts'
import { serveBrowserCheckout } from './operations/browser-checkout.ts'
import { serveCheckoutForm } from './operations/checkout-form.ts'
import { serveCheckoutPages } from './operations/checkout-pages.ts'
import { serveCheckoutReturn } from './operations/checkout-return.ts'
import { serveProblemPage } from './operations/problem-page.ts'
import { serveSandboxWindows } from './operations/sandbox-windows.ts'

/**
 * How many windows one address may open at one store a minute, far more than a shopper or a test run needs; and how many requests
 * about sessions and windows, of which one window takes about ten.
 */
export type CheckoutLimits = { readonly openingsPerMinute: number; readonly visitsPerMinute: number }

type RouteParts = {
  readonly sql: Sql
  readonly log: Logger
  readonly encryption: Encryption
  readonly directory: StoreDirectory
  readonly idempotency: Idempotency
  readonly modules: Modules
  readonly turns: MerchantTurns
}

/** Adds the routes besides PortOne's API: the checkout, the admin API, and the windows of the sandbox PG. */
export const addOtherRoutes =
  (
    { publicUrl }: Configuration,
    { openingsPerMinute, visitsPerMinute }: CheckoutLimits,
    { sql, log, encryption, directory, idempotency, modules, turns }: RouteParts,
  ) =>
  (server: FastifyInstance): void => {
    const { checkout } = modules
    serveBrowserCheckout(server, {
      checkout,
      rateLimit: rateLimit(openingsPerMinute),
      visitLimit: rateLimit(visitsPerMinute),
      publicUrl,
    })
    const handlers = adminHandlers({ ...modules.platform, encryption, directory })
    serveAdmin(server, { sql, handlers, idempotency, log, turns })
    serveCheckoutPages(server, { checkout, publicUrl })
    serveProblemPage(server, checkout)
    serveCheckoutForm(server, checkout)
    serveCheckoutReturn(server, checkout)
    serveSandboxWindows(server, modules.sandboxWindows)
  }
