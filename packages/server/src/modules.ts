import type { Logger } from 'pino'
import { firstPaymentOutcome } from './billing-keys/confirm-and-pay.ts'
import { billingKeyModule } from './billing-keys/module.ts'
import { paymentChanged } from './cash-receipts/due.ts'
import { cashReceiptModule } from './cash-receipts/module.ts'
import { checkoutParts } from './checkout/parts.ts'
import type { Sql } from './db/connect.ts'
import type { Gateway } from './gateways/port/gateway.ts'
import type { PayoutBank } from './gateways/port/payout.ts'
import type { PaymentWindow, PgWindow } from './gateways/port/window.ts'
import { sandboxBank } from './gateways/sandbox/bank.ts'
import { sandboxModule } from './gateways/sandbox/module.ts'
import { verificationModule } from './identity-verifications/module.ts'
import type { Encryption } from './kernel/encryption.ts'
import { KeyedQueue } from './kernel/keyed-queue.ts'
import { storeAccess } from './merchants/access.ts'
import type { StoreDirectory } from './merchants/directory.ts'
import type { Channel } from './merchants/store.ts'
import { operationHandlers } from './operations/handlers.ts'
import type { CreateSandboxStore } from './operations/parts.ts'
import { scheduleModule } from './payment-schedules/module.ts'
import { repeatCharge } from './payment-schedules/run.ts'
import { findTransaction, paymentNotified } from './payments/due.ts'
import { type PaymentModule, paymentModule } from './payments/module.ts'
import { lookUpsWith } from './platform/lookups/providers.ts'
import { platformModule } from './platform/module.ts'
import { sandboxBankOf } from './platform/payouts/bank-account.ts'
import { promotionModule } from './promotions/module.ts'
import { StoreClocks } from './sandbox/clock.ts'
import { clockDue } from './sandbox/clock-due.ts'
import { webhookModule } from './webhooks/module.ts'
import { DueLoop, type Woken } from './workers/loop.ts'
import { Presence } from './workers/presence.ts'
import { lookForWork } from './workers/sweep.ts'

export type ModulesParts = {
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
  /** Wraps every gateway: to count its calls, or to crash around them in the crash tests. */
  readonly aroundGateway?: ((gateway: Gateway) => Gateway) | undefined
  /** As `aroundGateway`, for the bank that payouts leave from. */
  readonly aroundBank?: ((bank: PayoutBank) => PayoutBank) | undefined
  /** A store's clock was moved: copies of it are out of date. */
  readonly onClockMoved: (storeId: string) => void
  readonly createSandboxStore: CreateSandboxStore
  /** Under which URL shoppers reach this server. */
  readonly publicUrl: () => string
}

/** The modules, built and handed to each other: what HTTP answers with, and what works behind it. */
export const buildModules = (parts: ModulesParts) => {
  const { sql, log, directory, encryption, aroundGateway = itself, aroundBank = itself } = parts
  const access = storeAccess(directory)
  const findStore = directory.store
  const clockOf = (storeId: string) => clocks.read(storeId)
  const wake = (woken?: Woken) => loop.wake(woken)
  const queue = new KeyedQueue()
  const gatewayOf = (channel: Channel): Gateway => gateways[adapterOf(channel)]
  const shared = { sql, log, queue, wake, findStore, gatewayOf, encryption }

  const webhooks = webhookModule({
    sql,
    logger: log,
    findStore,
    version: parts.version,
    allowedTargets: parts.allowedTargets,
    guardsSandbox: parts.guardsSandbox,
  })
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
    firstPayment: (key, paymentId) => firstPaymentOutcome(payments.parts, key, paymentId),
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
    waitUntil: (storeId, instant) => clocks.waitUntil(storeId, instant),
    paymentNotified: (storeId, transactionId) => paymentNotified(payments.parts, findStore, storeId, transactionId),
  })
  const bank = aroundBank(sandboxBank({ sql }))
  const platform = platformModule({
    sql,
    log,
    wake,
    findStore,
    access,
    clockOf,
    lookUpsOf: lookUpsWith(bank),
    bankOf: sandboxBankOf(bank),
    queue: new KeyedQueue(),
  })
  const gateways: Record<Adapter, Gateway> = { sandbox: aroundGateway(sandbox.gateway) }
  const windows: Record<Adapter, PaymentWindow> = { sandbox: sandbox.window }
  const pgWindows: Record<Adapter, (channel: Channel) => PgWindow | undefined> = { sandbox: sandbox.pgWindowOf }

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
  const sources = [...modules.flatMap(({ due }) => due), clockDue(sql)]
  const loop = new DueLoop(lookForWork(sql, sources), sources, log)
  const presence = new Presence(sql, log)
  const clocks = new StoreClocks({
    sql,
    queue,
    sources: () => sources,
    idle: (storeId) => loop.idle(storeId),
    hasOthers: () => presence.hasOthers(),
    onMoved: parts.onClockMoved,
  })

  const built = {
    payments: payments.parts,
    schedules: schedules.parts,
    billingKeys: billingKeys.parts,
    cashReceipts: cashReceipts.parts,
    verifications: verifications.parts,
    promotions: promotions.parts,
    webhooks: webhooks.parts,
    platform: platform.parts,
  }
  const windowOf = (channel: Channel) => windows[adapterOf(channel)]
  const pgWindowOf = (channel: Channel) => pgWindows[adapterOf(channel)](channel)
  const checkout = checkoutParts({ ...built, sql, directory, clockOf, encryption, windowOf, pgWindowOf })
  const createStore: CreateSandboxStore = async (merchantId, input) => {
    const created = await parts.createSandboxStore(merchantId, input)
    // The merchant's list of stores may be remembered without it: a test that creates a store would not see it listed.
    directory.forget(created.storeId)
    return created
  }
  const handlers = operationHandlers({
    ...built,
    sql,
    access,
    clockOf,
    clocks,
    control: sandbox.control,
    createStore,
    checkout,
    publicUrl: parts.publicUrl,
  })
  return {
    handlers,
    checkout,
    sandboxWindows: { sandbox: sandbox.parts, clockOf },
    loop,
    presence,
    clocks,
    platform: platform.parts,
    /** Finishes what is under way, unless that is given up, and lets go of connections. */
    close: async (givenUp: AbortSignal) => {
      await loop.stop(givenUp)
      webhooks.close()
    },
  }
}

const itself = <Value>(value: Value): Value => value

export type Modules = ReturnType<typeof buildModules>

/** The code that speaks to a PG. Adding one is adding its name here and its gateway above. */
type Adapter = 'sandbox'

const adapterOf = ({ adapter, key }: Channel): Adapter => {
  if (adapter === 'sandbox') return adapter
  throw new Error(`channel ${key} names the adapter ${adapter}, which this version of Naru does not have`)
}
