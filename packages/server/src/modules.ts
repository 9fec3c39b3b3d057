import type { Logger } from 'pino'
import type { ProcessParts } from './aggregates/aggregate.ts'
import { firstPaymentOutcome } from './billing-keys/confirm-and-pay.ts'
import { billingKeyDue } from './billing-keys/inquire.ts'
import { billingKeyParts } from './billing-keys/module.ts'
import { cashReceiptDue, paymentChanged } from './cash-receipts/due.ts'
import { cashReceiptParts } from './cash-receipts/module.ts'
import { checkoutParts } from './checkout/module.ts'
import type { Sql } from './db/connect.ts'
import type { GatewayParts } from './gateways/call.ts'
import type { Gateway } from './gateways/port/gateway.ts'
import type { PayoutBank } from './gateways/port/payout.ts'
import type { PaymentWindow } from './gateways/port/window.ts'
import { sandboxBank } from './gateways/sandbox/bank.ts'
import { sandboxControl } from './gateways/sandbox/control.ts'
import { sandboxDue } from './gateways/sandbox/due.ts'
import { sandboxGateway } from './gateways/sandbox/gateway.ts'
import { noticeDoor } from './gateways/sandbox/notice.ts'
import { sandboxWindow } from './gateways/sandbox/window.ts'
import { verificationDue } from './identity-verifications/inquire.ts'
import { verificationParts } from './identity-verifications/module.ts'
import type { Encryption } from './kernel/encryption.ts'
import { chance } from './kernel/ids.ts'
import { KeyedQueue } from './kernel/keyed-queue.ts'
import { storeAccess } from './merchants/access.ts'
import type { StoreDirectory } from './merchants/directory.ts'
import type { Channel } from './merchants/store.ts'
import { operationHandlers } from './operations/handlers.ts'
import type { CreateSandboxStore } from './operations/parts.ts'
import type { ScheduleParts } from './payment-schedules/create.ts'
import { repeatCharge, scheduleDue } from './payment-schedules/run.ts'
import { paymentDue, paymentNotified } from './payments/due.ts'
import { type PaymentParts, paymentParts } from './payments/module.ts'
import { promotionDue } from './payments/promotion-due.ts'
import { lookUpsWith } from './platform/lookups/providers.ts'
import { type PlatformParts, platformSources } from './platform/module.ts'
import { sandboxBankOf } from './platform/payouts/bank-account.ts'
import { promotionParts } from './promotions/module.ts'
import { StoreClocks } from './sandbox/clock.ts'
import type { WebhookParts } from './webhooks/attempt.ts'
import { webhookDue } from './webhooks/deliver.ts'
import { createDialer } from './webhooks/dial.ts'
import { DueLoop } from './workers/loop.ts'

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
  const { sql, log, directory } = parts
  const queue = new KeyedQueue()
  const clocks = new StoreClocks({
    sql,
    queue,
    sources: () => sources,
    idle: (storeId) => loop.idle(storeId),
    onMoved: parts.onClockMoved,
  })
  const findStore = directory.store

  const gatewayParts: GatewayParts = { log, gatewayOf: (channel) => gateways[adapterOf(channel)] }
  const processParts: ProcessParts = { sql, queue, wake: () => loop.wake() }
  const promotions = promotionParts(processParts)
  const { encryption } = parts
  const billingKeys = billingKeyParts({
    ...gatewayParts,
    ...processParts,
    encryption,
    firstPayment: (key, paymentId) => firstPaymentOutcome(payments, key, paymentId),
  })
  const verifications = verificationParts({ ...gatewayParts, ...processParts, encryption })
  const cashReceipts = cashReceiptParts({ ...gatewayParts, ...processParts, encryption, payments: () => payments })
  const payments: PaymentParts = paymentParts({
    ...gatewayParts,
    ...processParts,
    promotions,
    repeatCharge: (key, begun, attempt) => repeatCharge(schedules, key, begun, attempt),
    followers: [(key, { state, events, at }) => paymentChanged(cashReceipts, key, state, events, at)],
  })
  const schedules: ScheduleParts = { payments, billingKeys, cashReceipts }
  const notificationKey = encryption.derive('notifications of the sandbox PG')
  const sandbox = {
    sql,
    logger: log,
    notificationKey,
    waitUntil: (storeId: string, instant: number) => clocks.waitUntil(storeId, instant),
    notify: noticeDoor(notificationKey, log, (storeId, transactionId) =>
      paymentNotified(payments, findStore, storeId, transactionId),
    ),
  }
  const { aroundGateway = (gateway: Gateway) => gateway } = parts
  const gateways: Record<Adapter, Gateway> = { sandbox: aroundGateway(sandboxGateway(sandbox)) }
  const windows: Record<Adapter, PaymentWindow> = { sandbox: sandboxWindow(sandbox) }
  const dialer = createDialer(parts)
  const webhooks: WebhookParts = {
    sql,
    logger: log,
    chance,
    version: parts.version,
    dialer,
    settings: async (storeId, environment) => (await findStore(storeId))?.webhookSettings[environment],
  }
  const access = storeAccess(directory)
  const clockOf = (storeId: string) => clocks.read(storeId)
  const { aroundBank = (bank: PayoutBank) => bank } = parts
  const bank = aroundBank(sandboxBank({ sql }))
  const platform: PlatformParts = {
    sql,
    access,
    clockOf,
    findStore,
    log,
    lookUpsOf: lookUpsWith(bank),
    bankOf: sandboxBankOf(bank),
    queue: new KeyedQueue(),
    wake: () => loop.wake(),
  }
  const sources = [
    webhookDue(webhooks),
    paymentDue(payments, findStore),
    cashReceiptDue(cashReceipts, findStore),
    verificationDue(verifications, findStore),
    promotionDue(payments, findStore),
    billingKeyDue(billingKeys, findStore),
    scheduleDue(schedules, findStore),
    sandboxDue(sandbox),
    ...platformSources(platform),
  ]
  const loop = new DueLoop(sources, log)

  const createStore: CreateSandboxStore = async (merchantId, input) => {
    const created = await parts.createSandboxStore(merchantId, input)
    // The merchant's list of stores may be remembered without it: a test that creates a store would not see it listed.
    directory.forget(created.storeId)
    return created
  }
  const control = sandboxControl(sandbox)
  const checkout = checkoutParts({
    sql,
    directory,
    clockOf,
    encryption,
    windowOf: (channel) => windows[adapterOf(channel)],
    payments,
    billingKeys,
    verifications,
    cashReceipts,
    webhooks,
  })
  const handlers = operationHandlers({
    sql,
    access,
    clockOf,
    payments,
    schedules,
    billingKeys,
    cashReceipts,
    verifications,
    promotions,
    webhooks,
    platform,
    clocks,
    control,
    createStore,
    checkout,
    publicUrl: parts.publicUrl,
  })
  return {
    handlers,
    checkout,
    loop,
    clocks,
    payments,
    platform,
    webhooks,
    /** Finishes what is under way, unless that is given up, and lets go of connections. */
    close: async (givenUp: AbortSignal) => {
      await loop.stop(givenUp)
      dialer.close()
    },
  }
}

export type Modules = ReturnType<typeof buildModules>

/** The code that speaks to a PG. Adding one is adding its name here and its gateway above. */
type Adapter = 'sandbox'

const adapterOf = ({ adapter, key }: Channel): Adapter => {
  if (adapter === 'sandbox') return adapter
  throw new Error(`channel ${key} names the adapter ${adapter}, which this version of Naru does not have`)
}
