import type { AggregateKey } from '../aggregates/aggregate.ts'
import { ask, perform } from '../gateways/call.ts'
import { storeTime } from '../kernel/clock.ts'
import { channelOf } from '../merchants/store.ts'
import { type BillingKey, type Holding, heldBy } from './billing-key.ts'
import { type BillingKeyParts, type LoadedBillingKey, openToken, sealFor } from './parts.ts'
import {
  decideFirstPayment,
  type FirstPaymentOutcome,
  settleDeletion,
  settleInquiry,
  updateDetails,
} from './rules/rules.ts'

/** Makes every inquiry about this key that is due. Inquiries change nothing, so running twice does no harm. */
export const inquireDue = async (parts: BillingKeyParts, key: AggregateKey): Promise<void> => {
  const loaded = await parts.process.load(key)
  const now = storeTime(loaded.clock)
  const asked = loaded.state.holdings.filter(({ inquiry }) => inquiry && inquiry.nextAt <= now)
  for (const holding of asked) await inquire(parts, key, loaded, holding)
  // A key that proves to be issued is charged at once: its buyer has waited.
  const { state } = asked.length > 0 ? await parts.process.load(key) : loaded
  const { inquiry } = state.firstPayment ?? {}
  if (inquiry && inquiry.nextAt <= now) await settleFirstPayment(parts, key)
}

/**
 * Finds the outcome of the payment that the key was confirmed with, and makes it where a crash kept it from beginning. If it
 * failed, the key is deleted. Our choice: PortOne does not say.
 */
export const settleFirstPayment = async (
  parts: BillingKeyParts,
  key: AggregateKey,
  known?: FirstPaymentOutcome,
): Promise<void> => {
  const { state } = await parts.process.load(key)
  if (!state.firstPayment?.inquiry) return
  const outcome = known ?? (await parts.firstPayment({ ...key, state }))
  const settled = await parts.process.apply(key, (current, now) => decideFirstPayment(current, outcome, now))
  const asked = settled.state.holdings.filter(({ phase }) => phase === 'DELETING')
  if (settled.events.some(({ type }) => type === 'DeletionRequested'))
    await Promise.all(asked.map((holding) => deleteAtChannel(parts, key, settled, holding)))
}

/** Asks for the details of a stored card after the PG reported a change, and applies them. */
export const refreshDetails = async (parts: BillingKeyParts, key: AggregateKey): Promise<void> => {
  const loaded = await parts.process.load(key)
  for (const { reference, channel } of heldBy(loaded.state)) {
    const holder = channelOf(key.store, { channel })
    const outcome = await ask(parts, key.store, holder, { reference, clock: loaded.clock }, (gateway, context) =>
      gateway.inquireBillingKey(context),
    )
    await parts.process.apply(key, (state) => updateDetails(state, reference, outcome))
  }
}

const inquire = async (parts: BillingKeyParts, key: AggregateKey, loaded: LoadedBillingKey, holding: Holding) => {
  const { store } = key
  const { reference } = holding
  const channel = channelOf(store, holding)
  const { mayActWithin } = parts.gatewayOf(channel)
  const hasSchedule = holding.phase === 'DELETING' && (await hasUnexecutedSchedule(parts, key))
  const outcome = await ask(parts, store, channel, { reference, clock: loaded.clock }, (gateway, context) =>
    gateway.inquireBillingKey(context),
  )
  let retry = false
  const seal = sealFor(parts, store.storeId, reference)
  const settled = await parts.process.apply(key, (state, now) => {
    const events = settleInquiry(state, reference, outcome, seal, { mayActWithin, hasSchedule }, now)
    retry = events === 'retry'
    return events === 'retry' ? [] : events
  })
  if (retry) await deleteAtChannel(parts, key, settled, holding)
}

/** Whether a payment with the key is scheduled or under way. */
export const hasUnexecutedSchedule = async (
  { sql }: BillingKeyParts,
  { store, id }: AggregateKey,
): Promise<boolean> => {
  const rows = await sql`
    select from payment_schedules
    where store_id = ${store.storeId} and billing_key = ${id} and status in ('SCHEDULED', 'STARTED', 'PENDING') limit 1`
  return rows.length > 0
}

/** Asks one PG to delete the key. Repeating the request is safe: it has the same reference. */
export const deleteAtChannel = async (
  parts: BillingKeyParts,
  key: AggregateKey,
  { state, clock, followsScripts, now: intendedAt }: LoadedBillingKey,
  holding: Holding,
  testCode?: string,
): Promise<void> => {
  const { reason, requester } = state.deletion ?? {}
  const token = openToken(parts, key.store.storeId, holding)
  const subject = { billingKey: key.id, customerId: state.request?.customer.id }
  const call = { reference: `${holding.reference}-deletion`, clock, followsScripts, intendedAt, subject, testCode }
  const outcome = await perform(parts, key.store, channelOf(key.store, holding), call, (gateway, context) =>
    gateway.deleteBillingKey(context, { token, reason, requester }),
  )
  await parts.process.apply(key, (current, now) => settleDeletion(current, holding.reference, outcome, now))
}

/** Whether all channels have answered. */
export const isAnswered = ({ holdings }: BillingKey): boolean => !holdings.some(({ inquiry }) => inquiry)

/** Issued or failed, and what became of the payment that it was confirmed with is known. */
const isIssued = (key: BillingKey): boolean => {
  const { holdings, issuedAt, firstPayment } = key
  const isFailed = holdings.length > 0 && holdings.every(({ phase }) => phase === 'FAILED')
  return isAnswered(key) && (isFailed || issuedAt !== undefined) && !firstPayment?.inquiry
}

/** Waits until the key and its first payment are decided, asking whenever an inquiry is due. */
export const awaitIssued = async (parts: BillingKeyParts, key: AggregateKey): Promise<void> => {
  await parts.process.until(key, isIssued, () => inquireDue(parts, key))
}

/** Waits until all channels have answered, asking whenever an inquiry is due. */
export const awaitAnswers = async (parts: BillingKeyParts, key: AggregateKey): Promise<BillingKey> => {
  const { state } = await parts.process.load(key)
  if (isAnswered(state)) return state
  return (await parts.process.until(key, isAnswered, () => inquireDue(parts, key))).state
}
