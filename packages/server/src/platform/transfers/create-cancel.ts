import type { CreatePlatformOrderCancelTransferBody } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { fromIso, type Instant } from '../../kernel/clock.ts'
import { type Day, dayOf } from '../../kernel/days.ts'
import { Refusal, refuse } from '../../kernel/refusal.ts'
import type { Payment } from '../../payments/state/payment.ts'
import { type Platform, type PlatformRequest, sortablePlatformId } from '../platform.ts'
import { unknownProperty } from '../settings/properties.ts'
import { settleCancel } from './arithmetic/cancel.ts'
import { checkCancel } from './arithmetic/check-cancel.ts'
import { type CancelCommand, cancelCommand } from './cancel-input.ts'
import { cancelRefusal } from './cancel-refusals.ts'
import { findOrdersWithCancels, findRegisteredCancel, type OrderWithCancels } from './cancel-store.ts'
import { readCancelRequest } from './codec.ts'
import { dateByCycle, storable } from './compute.ts'
import type { TransferParts } from './create-order.ts'
import { type CancelCap, insertCancel, type NewCancel } from './insert-cancel.ts'
import { alreadyExists, dateTooEarly, idTaken, noPayment, noTransfer } from './refusals.ts'
import { searchEntries } from './search-entries.ts'
import { type KnownOrder, readKnownOrder, remainderOf } from './settled-order.ts'
import { readSurroundings, type Surroundings } from './surroundings.ts'
import type { OrderTransfer } from './transfer.ts'
import { untilDecided } from './until-decided.ts'

/** Finds the payment of an order, in whichever store of the merchant the credential reaches. */
export type FindPaymentIn = (storeId: string, paymentId: string) => Promise<Payment | undefined>

/** The cancellation of the order's payment. */
type Cancellation = {
  readonly id: string
  readonly cancelledAt: Instant
  /** Of a payment that was made elsewhere nobody here knows how much was given back. */
  readonly cap: CancelCap | null
}

/** Registers what the cancellation of an order takes back. */
export const createCancel = async (
  { sql, queue }: TransferParts,
  request: PlatformRequest,
  body: CreatePlatformOrderCancelTransferBody,
  findPayment: FindPaymentIn,
) => {
  const command = cancelCommand(body)
  if (command instanceof Refusal) return command
  const { merchantId, isForTest } = request.platform
  return await queue.run(JSON.stringify([merchantId, isForTest, command.target]), () =>
    untilDecided(() => register(sql, request, command, findPayment)),
  )
}

const register = async (sql: Sql, request: PlatformRequest, command: CancelCommand, findPayment: FindPaymentIn) => {
  const { platform } = request
  const [surroundings, orders] = await Promise.all([
    readSurroundings(sql, platform, {
      transferId: command.body.id,
      partnerId: command.body.partnerId ?? '',
      additionalFeePolicyIds: [],
      discountSharePolicyIds: [],
    }),
    findOrdersWithCancels(sql, platform, command.target),
  ])
  const found = await examine(request, command, surroundings, orders, findPayment)
  if (found instanceof Refusal) return found
  const { order, cancellation } = found
  const known = await readKnownOrder(sql, platform, order.transfer)
  const transfer = transferOf(request, command, surroundings, known, order, cancellation)
  if (transfer instanceof Refusal) return transfer
  const tooEarly = transfer.isSettlementDateGiven && transfer.settlementDate < transfer.settlementStartDate
  const written = tooEarly ? 'LOST' : await insertCancel(sql, platform, order.transfer, transfer, cancellation.cap)
  switch (written) {
    case 'WRITTEN':
      return { transfer, snapshots: known.snapshots }
    case 'TAKEN':
      // Whose it is, reading again tells: the id's, or that of the same cancellation of the same order.
      return 'LOST'
    case 'LOST': {
      const refusal = cancellation.cap && (await capExceeded(sql, platform, transfer, cancellation.cap))
      if (refusal) return refusal
      return tooEarly ? dateTooEarly(transfer.settlementStartDate, transfer.settlementDate) : 'LOST'
    }
  }
}

/** The order and the cancellation that the request is about, or the first thing of them that is wrong. */
const examine = async (
  { platform, now }: PlatformRequest,
  { body, target }: CancelCommand,
  { isIdTaken, setting }: Surroundings,
  orders: readonly OrderWithCancels[],
  findPayment: FindPaymentIn,
) => {
  if (isIdTaken && body.id !== undefined) return idTaken(body.id)
  const [order, another] = orders
  if (!order) return 'transferId' in target ? noTransfer(target.transferId) : noOrderOf(target)
  if (another) return severalOrders
  const keys = (body.userDefinedProperties ?? []).map(({ key }) => key)
  const unknown = unknownProperty(setting.content, 'TRANSFER', keys)
  if (unknown) return unknown
  const { paymentType, paymentStoreId, paymentId } = order.transfer
  if ((paymentType === 'EXTERNAL') !== (body.externalCancellationDetail !== undefined))
    return typeMismatched(paymentType)
  const cancellation =
    paymentType === 'EXTERNAL'
      ? { id: body.cancellationId, cancelledAt: cancelledElsewhere(body, now), cap: null }
      : cancellationOf(await findPayment(paymentStoreId, paymentId), paymentId, body.cancellationId)
  if (cancellation instanceof Refusal) return cancellation
  const same = order.cancels.find(({ detail }) => detail.cancellation.id === cancellation.id)
  if (same) return alreadyExists(same.transferId, 'This cancellation of the order is already registered.')
  return { order, cancellation, platform }
}

const noOrderOf = ({ partnerId, paymentId }: { readonly partnerId: string; readonly paymentId: string }) =>
  refuse('PLATFORM_TRANSFER_NOT_FOUND', `The partner ${partnerId} has no order transfer of the payment ${paymentId}.`)

const severalOrders = refuse(
  'PLATFORM_CANNOT_SPECIFY_TRANSFER',
  'The partner has several order transfers of this payment. Name one by transferId.',
)

const typeMismatched = (paymentType: 'PORT_ONE' | 'EXTERNAL') =>
  refuse(
    'PLATFORM_CANCELLATION_AND_PAYMENT_TYPE_MISMATCHED',
    paymentType === 'EXTERNAL'
      ? 'The payment was made elsewhere: give externalCancellationDetail, {} at least.'
      : 'The payment was made here: leave externalCancellationDetail out, and name a cancellation of it.',
  )

const cancelledElsewhere = ({ externalCancellationDetail }: CancelCommand['body'], now: Instant): Instant => {
  const cancelledAt = externalCancellationDetail?.cancelledAt
  return (cancelledAt === undefined ? undefined : fromIso(cancelledAt)) ?? now
}

/** A cancellation that gave money back. One that may still fail is none yet. */
const cancellationOf = (
  payment: Payment | undefined,
  paymentId: string,
  cancellationId: string,
): Cancellation | Refusal<'PLATFORM_PAYMENT_NOT_FOUND' | 'PLATFORM_CANCELLATION_NOT_FOUND'> => {
  if (!payment) return noPayment(paymentId)
  const cancellation = payment.attempts
    .flatMap(({ cancellations }) => cancellations)
    .find(({ id, status }) => id === cancellationId && status === 'SUCCEEDED')
  if (!cancellation)
    return refuse(
      'PLATFORM_CANCELLATION_NOT_FOUND',
      `The payment ${paymentId} has no cancellation ${cancellationId} that has succeeded.`,
    )
  const { id, cancelledAt, requestedAt, totalAmount, taxFreeAmount } = cancellation
  return { id, cancelledAt: cancelledAt ?? requestedAt, cap: { payment: totalAmount, taxFree: taxFreeAmount } }
}

/** The transfer as it will be written, computed by the terms of the order. */
const transferOf = (
  { platform, now }: PlatformRequest,
  { body, input }: CancelCommand,
  { calendar, setting }: Surroundings,
  { transfer: original, settled, snapshots }: KnownOrder,
  { cancels }: OrderWithCancels,
  { id, cancelledAt }: Cancellation,
): NewCancel | Refusal<'INVALID_REQUEST' | ReturnType<typeof cancelRefusal>['body']['type']> => {
  const remainder = remainderOf(settled, cancels)
  const quantities = checkCancel(settled.order, remainder, readCancelRequest(input))
  if ('problem' in quantities) return cancelRefusal(quantities.problem)
  const stored = storable(settleCancel(settled, remainder, quantities))
  if (stored instanceof Refusal) return stored
  const start = body.settlementStartDate ?? dayOf(cancelledAt)
  const contract = snapshots('CONTRACT', { id: original.contractId, version: original.contractVersion })
  const properties = body.userDefinedProperties ?? []
  const { partnerId, partnerVersion, contractId, contractVersion, settingVersion, currency, detail } = original
  const { paymentType, paymentStoreId, paymentId, paymentMethodType, channelKey } = original
  return {
    type: 'ORDER_CANCEL',
    transferId: body.id ?? sortablePlatformId('trs'),
    storeId: platform.store.storeId,
    // An order that has not started is computed anew when it does, and its cancellations with it.
    status: start > dayOf(now) || original.status === 'SCHEDULED' ? 'SCHEDULED' : 'IN_PROCESS',
    ...{ partnerId, partnerVersion, contractId, contractVersion, settingVersion, currency },
    settlementStartDate: start,
    settlementDate: body.settlementDate ?? notBefore(original, dateByCycle(contract, start, calendar, setting.content)),
    isSettlementDateGiven: body.settlementDate !== undefined,
    isSettledAlone: false,
    memo: body.memo ?? null,
    properties,
    ...{ paymentType, paymentStoreId, paymentId, paymentMethodType, channelKey },
    originalTransferId: original.transferId,
    detail: { ...detail, computed: stored.computed, cancellation: { id, cancelledAt }, request: input },
    amounts: stored.amounts,
    userDefinedFormulas: stored.userDefinedFormulas,
    partnerSettlementId: null,
    createdAt: now,
    search: searchEntries(detail.order, properties),
  }
}

/**
 * What takes an order back is not settled before it: the seller would be charged for what it has not got. Under a date that is
 * over when an order starts nobody would see it either, and the order would be paid out.
 */
const notBefore = ({ settlementDate }: OrderTransfer, date: Day): Day => (date < settlementDate ? settlementDate : date)

/** Which part of the cancellation this one would exceed together with what is already registered. */
const capExceeded = async (sql: Sql, platform: Platform, transfer: NewCancel, cap: CancelCap) => {
  const registered = await findRegisteredCancel(sql, platform, transfer)
  const { payment, paymentTaxFree } = transfer.amounts
  const refused = (amountType: 'SUPPLY_WITH_VAT' | 'TAX_FREE', known: number, requested: number, most: number) =>
    known + requested <= most
      ? undefined
      : new Refusal({
          type: 'PLATFORM_SETTLEMENT_CANCEL_AMOUNT_EXCEEDED_PORT_ONE_CANCEL',
          message: `The cancel transfers of the cancellation would take back more than its ${amountType === 'TAX_FREE' ? 'tax-free' : 'taxable'} part.`,
          registeredSettlementCancelAmount: known,
          requestSettlementCancelAmount: requested,
          portOneCancelAmount: most,
          amountType,
        })
  return (
    refused(
      'SUPPLY_WITH_VAT',
      registered.payment - registered.taxFree,
      payment - paymentTaxFree,
      cap.payment - cap.taxFree,
    ) ?? refused('TAX_FREE', registered.taxFree, paymentTaxFree, cap.taxFree)
  )
}
