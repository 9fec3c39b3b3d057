import type { CashReceiptInput, PaymentMethod, SelectedChannel } from '@naru/contract'
import type { AggregateKey } from '../aggregates/aggregate.ts'
import { perform } from '../gateways/call.ts'
import { naruFailure } from '../kernel/codes.ts'
import { timeOrderedId } from '../kernel/ids.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { channelOf } from '../merchants/store.ts'
import type { PayCommand } from '../payments/requests/pay-command.ts'
import type { Attempt, PaymentRequest } from '../payments/state/payment.ts'
import { isCashLike } from './cash-like.ts'
import { attemptWith, type CashReceipt } from './cash-receipt.ts'
import { receiptNumber, refuseIdentityNumber } from './input.ts'
import type { CashReceiptParts, Changed } from './parts.ts'
import { settleIssue } from './rules.ts'
import { findIdentity, forgetIdentity, putIdentity } from './store.ts'
import { awaitPayment, planCheck } from './with-payment.ts'

/** A receipt that is requested together with a payment. */
export type WantedReceipt = {
  readonly type: CashReceipt['type']
  /** Encrypted until the receipt is settled, then deleted. */
  readonly identityNumber: string
}

/** The receipt that an input asks for; `undefined` for none. `at` names the input in errors. */
export const wantedReceipt = (
  input: CashReceiptInput | undefined,
  at: string,
): WantedReceipt | Refusal<'INVALID_REQUEST'> | undefined => {
  if (input === undefined || input.type === 'NO_RECEIPT') return undefined
  const { type, customerIdentityNumber: identityNumber } = input
  const field = `${at}.customerIdentityNumber`
  if (identityNumber === undefined)
    return invalid(`${field} is required for a receipt of type ${type}. Give it, or use the type NO_RECEIPT.`)
  return refuseIdentityNumber(identityNumber, field) ?? { type, identityNumber: receiptNumber(identityNumber) }
}

/** What the receipt comes with: an attempt, or the one that a schedule will begin. */
type ComesWith = Pick<CashReceipt, 'transactionId' | 'scheduleId'> & {
  readonly channel: SelectedChannel
  readonly request: Pick<PaymentRequest, 'orderName' | 'currency' | 'amount'>
}

/**
 * Stores a receipt until its payment is paid. Call it before anything can pay: before the PG is asked for a charge or a
 * virtual account, before anybody has the token that confirms a shopper's authentication, before there is a schedule.
 * Then a crash in between cannot leave a payment without its receipt.
 */
export const keepForPayment = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  { type, identityNumber }: WantedReceipt,
  { transactionId, scheduleId, channel, request }: ComesWith,
): Promise<void> => {
  const { orderName, currency, amount } = request
  const id = timeOrderedId()
  const facts = { type, orderName, currency, amount, transactionId, scheduleId }
  const receipt = { id, isManual: false, channel, ...facts }
  const kept = await parts.process.apply(key, (state, now) => awaitPayment(state, receipt, now))
  if (kept.events.length === 0) return
  const { storeId } = key.store
  await putIdentity(parts.sql, storeId, id, parts.encryption.encrypt(identityNumber, contextOf(storeId, id)))
}

/** The attempt or schedule of a stored receipt never began: forgets the recipient. */
export const dropForPayment = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  owner: { readonly transactionId: string } | { readonly scheduleId: string },
): Promise<void> => {
  await parts.process.apply(key, (state, now) => planCheck(state, owner, now))
  parts.wake()
}

/** The same payment, together with the receipt to issue once it is paid. `at` names the receipt's field in errors. */
export const receiptWithPayment = (
  parts: CashReceiptParts,
  key: AggregateKey,
  command: PayCommand,
  input: CashReceiptInput | undefined,
  at: string,
): PayCommand | Refusal<'INVALID_REQUEST'> => {
  const wanted = wantedReceipt(input, at)
  if (wanted instanceof Refusal) return wanted
  // Card slips are deductible themselves: a receipt requested with a card has no effect (our choice, as with many PGs).
  if (wanted === undefined || isCard(command)) return command
  const { start } = command
  const { channel } = start
  return {
    ...command,
    companion: {
      keep: (transactionId) => keepForPayment(parts, key, wanted, { transactionId, channel, request: start.request }),
      drop: (transactionId) => dropForPayment(parts, key, { transactionId }),
    },
  }
}

/** Details of a virtual account are not known before the PG is asked, but it is no card. */
const isCard = ({ start: { method } }: PayCommand): boolean => method !== undefined && !isCashLike(method)

/** Binds the ciphertext to its receipt: it cannot be decrypted in another row. */
const contextOf = (storeId: string, receiptId: string): string => `cash receipt ${storeId} ${receiptId}`

/** Asks the PG for a receipt that waited for its payment. Its intent is committed. */
export const issueAwaited = async (
  parts: CashReceiptParts,
  key: AggregateKey,
  begun: Changed,
  receipt: CashReceipt,
): Promise<void> => {
  const { id } = receipt
  const { storeId } = key.store
  const sealed = await findIdentity(parts.sql, storeId, id)
  const attempt = await attemptFor(parts, key, receipt)
  const outcome =
    sealed === undefined
      ? ({ kind: 'failed', failure: identityGone } as const)
      : await callGateway(parts, key, begun, receipt, attempt, parts.encryption.decrypt(sealed, contextOf(storeId, id)))
  // Before the outcome is committed. After it, a crash would leave the number stored for good.
  if (outcome.kind !== 'unknown' && outcome.kind !== 'pending') await forgetIdentity(parts.sql, storeId, id)
  await parts.process.apply(key, (state, now) => settleIssue(state, id, outcome, now))
}

const attemptFor = async (parts: CashReceiptParts, key: AggregateKey, receipt: CashReceipt): Promise<Attempt> => {
  const { state } = await parts.payments().process.load(key)
  const attempt = attemptWith(state, receipt)
  if (!attempt) throw new Error(`payment ${key.id} has no attempt that the cash receipt ${receipt.id} comes with`)
  return attempt
}

const callGateway = (
  parts: CashReceiptParts,
  key: AggregateKey,
  { clock, followsScripts, now }: Changed,
  receipt: CashReceipt,
  { request, method, paidAt = now }: Attempt,
  identityNumber: string,
) => {
  const { total, taxFree, vat } = receipt.amount
  const call = { reference: receipt.id, clock, followsScripts, intendedAt: now, subject: { paymentId: key.id } }
  return perform(parts, key.store, channelOf(key.store, receipt), call, (gateway, context) =>
    gateway.issueCashReceipt(context, {
      type: receipt.type,
      orderName: receipt.orderName,
      currency: receipt.currency,
      amount: total,
      taxFree,
      vat,
      paidAt,
      customer: {
        identityNumber,
        name: request.customer.name,
        email: request.customer.email,
        phoneNumber: request.customer.phoneNumber,
      },
      customerId: request.customer.id,
      paymentMethod: methodName(method),
    }),
  )
}

/** How a cash receipt may say that it was paid. A wallet is neither. */
const methodName = (method: PaymentMethod | undefined): 'TRANSFER' | 'VIRTUAL_ACCOUNT' | undefined => {
  switch (method?.type) {
    case 'PaymentMethodTransfer':
      return 'TRANSFER'
    case 'PaymentMethodVirtualAccount':
      return 'VIRTUAL_ACCOUNT'
    default:
      return undefined
  }
}

const identityGone = naruFailure('NARU_IDENTITY_GONE')
