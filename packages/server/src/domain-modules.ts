import type { Logger } from 'pino'
import { pursueFirstPayment } from './billing-keys/first-payment.ts'
import { billingKeyModule } from './billing-keys/module.ts'
import { paymentChanged } from './cash-receipts/due.ts'
import { cashReceiptModule } from './cash-receipts/module.ts'
import type { Sql } from './db/connect.ts'
import { guardedWindows } from './gateways/guarded-windows.ts'
import type { Adapter, AdapterWindows } from './gateways/port/adapter.ts'
import type { Gateway } from './gateways/port/gateway.ts'
import type { PayoutBank } from './gateways/port/payout.ts'
import { sandboxBank } from './gateways/sandbox/bank.ts'
import { sandboxModule } from './gateways/sandbox/module.ts'
import { verificationModule } from './identity-verifications/module.ts'
import type { Instant, ReadClock } from './kernel/clock.ts'
import type { Encryption } from './kernel/encryption.ts'
import { KeyedQueue } from './kernel/keyed-queue.ts'
import { storeAccess } from './merchants/access.ts'
import type { StoreDirectory } from './merchants/directory.ts'
import type { Channel } from './merchants/store.ts'
import { scheduleModule } from './payment-schedules/module.ts'
import { repeatCharge } from './payment-schedules/run.ts'
import { findTransaction, paymentNotified } from './payments/due.ts'
import { type PaymentModule, paymentModule } from './payments/module.ts'
import { lookUpsWith } from './platform/lookups/providers.ts'
import { platformModule } from './platform/module.ts'
import { sandboxBankOf } from './platform/payouts/bank-account.ts'
import { promotionModule } from './promotions/module.ts'
import { webhookModule } from './webhooks/module.ts'
import type { Woken } from './workers/loop.ts'

export type DomainParts = {
  readonly sql: Sql
  readonly log: Logger
  /** Naru's version, for the webhooks' user agent. */
  readonly version: string
  readonly directory: StoreDirectory
  readonly encryption: Encryption
  /** Hosts and networks that webhooks of live stores may reach although they are private. */
  readonly allowedTargets: readonly string[]
  /** Whether webhooks of sandbox stores may not reach others either. */
  readonly guardsSandbox?: boolean | undefined
  /** Aborted once the server takes no more requests. */
  readonly ending: AbortSignal
  /** Wraps every gateway: to count its calls, or to crash around them in the crash tests. */
  readonly aroundGateway?: ((gateway: Gateway) => Gateway) | undefined
  /** As `aroundGateway`, for the windows that shoppers agree in. */
  readonly aroundWindows?: ((windows: AdapterWindows) => AdapterWindows) | undefined
  /** As `aroundGateway`, for the bank that payouts leave from. */
  readonly aroundBank?: ((bank: PayoutBank) => PayoutBank) | undefined
}

/** What the modules need of the clocks and the loop, which are built after them. */
export type Timing = {
  /** Keeps this server from racing against itself on one thing. */
  readonly queue: KeyedQueue
  readonly wake: (woken?: Woken) => void
  readonly clockOf: (storeId: string) => Promise<ReadClock>
  readonly waitUntil: (storeId: string, instant: Instant) => Promise<void>
}

/** The modules of the domain, built and handed to each other. */
export const domainModules = (parts: DomainParts, { queue, wake, clockOf, waitUntil }: Timing) => {
  const { sql, log, directory, encryption } = parts
  const findStore = directory.store
  const gatewayOf = (channel: Channel): Gateway => adapterOf(channel).gateway
  const shared = { sql, log, queue, wake, findStore, gatewayOf, encryption }

  const webhooks = webhookModule({ ...parts, logger: log, findStore })
  const promotions = promotionModule({
    ...shared,
    findTransaction: (key, transactionId) => findTransaction(payments.parts, key, transactionId),
  })
  const payments: PaymentModule = paymentModule({
    ...shared,
    promotions: promotions.parts,
    repeatCharge: (key, begun, attempt) => repeatCharge(schedules.parts, key, begun, attempt),
    followers: [(key, { state, events, at }) => paymentChanged(cashReceipts.parts, key, state, events, at)],
  })
  const billingKeys = billingKeyModule({
    ...shared,
    firstPayment: (key) => pursueFirstPayment({ payments: payments.parts, billingKeys: billingKeys.parts }, key),
  })
  const cashReceipts = cashReceiptModule({ ...shared, payments: () => payments.parts })
  const verifications = verificationModule(shared)
  const schedules = scheduleModule({
    payments: payments.parts,
    billingKeys: billingKeys.parts,
    cashReceipts: cashReceipts.parts,
    findStore,
  })
  const sandbox = sandboxModule({
    sql,
    logger: log,
    notificationKey: encryption.derive('notifications of the sandbox PG'),
    waitUntil,
    paymentNotified: (storeId, transactionId) => paymentNotified(payments.parts, findStore, storeId, transactionId),
  })
  const platform = platformOf(parts, wake, clockOf)
  const { aroundGateway = itself, aroundWindows = itself } = parts
  const adapters = {
    sandbox: {
      gateway: aroundGateway(sandbox.adapter.gateway),
      ...guardedWindows(aroundWindows(sandbox.adapter), log),
    },
  }
  const adapterOf = (channel: Channel): Adapter => adapters[adapterName(channel)]

  /** In the order in which a clock runs what falls due at the same instant. */
  const modules = [
    webhooks,
    payments,
    cashReceipts,
    verifications,
    promotions,
    billingKeys,
    schedules,
    sandbox,
    platform,
  ]
  return {
    built: {
      payments: payments.parts,
      schedules: schedules.parts,
      billingKeys: billingKeys.parts,
      cashReceipts: cashReceipts.parts,
      verifications: verifications.parts,
      promotions: promotions.parts,
      webhooks: webhooks.parts,
      platform: platform.parts,
    },
    sandbox,
    adapterOf,
    due: modules.flatMap(({ due }) => due),
    close: webhooks.close,
  }
}

const platformOf = (
  { sql, log, directory, aroundBank = itself }: DomainParts,
  wake: Timing['wake'],
  clockOf: Timing['clockOf'],
) => {
  const bank = aroundBank(sandboxBank({ sql }))
  return platformModule({
    sql,
    log,
    wake,
    findStore: directory.store,
    access: storeAccess(directory),
    clockOf,
    lookUpsOf: lookUpsWith(bank),
    bankOf: sandboxBankOf(bank),
    queue: new KeyedQueue(),
  })
}

const itself = <Value>(value: Value): Value => value

/** The code that speaks to a PG. Adding one is adding its name here and what it brings to `adapters`. */
type AdapterName = 'sandbox'

const adapterName = ({ adapter, key }: Channel): AdapterName => {
  if (adapter === 'sandbox') return adapter
  throw new Error(`channel ${key} names the adapter ${adapter}, which this version of Naru does not have`)
}
