import type { CreatePlatformOrderTransferBody, TransferParameters } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { type Day, dayOf } from '../../kernel/days.ts'
import type { KeyedQueue } from '../../kernel/keyed-queue.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { type Payment, paidAttempt } from '../../payments/state/payment.ts'
import { currencyNotSupported, isSettlementCurrency } from '../currencies.ts'
import { dayProblem, instantProblem } from '../datable.ts'
import { type PlatformRequest, sortablePlatformId } from '../platform.ts'
import { unknownProperty } from '../settings/properties.ts'
import { exceededIn } from './arithmetic/exceeded.ts'
import { orderQuantities } from './arithmetic/quantities.ts'
import { capExceeded, findRegistered } from './caps.ts'
import { computeOrder, dateByCycle, policyVersions, versionsOf } from './compute.ts'
import { insertOrder, type OrderWrite, type Uses } from './insert.ts'
import { idProblem, orderInput, propertyProblem } from './order-input.ts'
import { externalPayment, notPaid, type OrderPayment, ourPayment, paidHere } from './payment.ts'
import { policyIdsOf } from './policy-ids.ts'
import { alreadyExists, amountExceeded, dateTooEarly, idTaken, noPayment, productTwice } from './refusals.ts'
import { currencyMismatch, missing, type Names, type Resolved, resolve, resolveParameters } from './resolve.ts'
import { searchEntries } from './search-entries.ts'
import { knownSnapshots, type Snapshots } from './snapshots.ts'
import { findOrderOf } from './store.ts'
import { readSurroundings, type Surroundings } from './surroundings.ts'
import { orderOf, type Policies } from './terms.ts'
import type { OrderInput } from './transfer.ts'
import { untilDecided } from './until-decided.ts'

export type TransferParts = {
  readonly sql: Sql
  /** Lets the writes of one payment, and of one order, of this process follow one another. */
  readonly queue: KeyedQueue
}

/** Finds a payment that is not one of the platform's store, among the other stores that the credential reaches. */
export type FindPayment = (paymentId: string) => Promise<Payment | undefined>

type Body = CreatePlatformOrderTransferBody

/** A request that makes sense by itself, whatever there is. */
type Command = {
  readonly body: Body
  readonly order: OrderInput
  readonly names: Names
}

/** Registers an order for settlement. */
export const createOrder = async (
  { sql, queue }: TransferParts,
  request: PlatformRequest,
  body: Body,
  findPayment: FindPayment,
) => {
  const command = commandOf(body)
  if (command instanceof Refusal) return command
  const { merchantId, isForTest } = request.platform
  // One at a time of a payment, as its row in the database decides anyway: two in one statement it would refuse.
  return await queue.run(JSON.stringify([merchantId, isForTest, body.paymentId]), () =>
    untilDecided(() => register(sql, request, command, findPayment)),
  )
}

const commandOf = (body: Body): Command | Refusal<'INVALID_REQUEST'> => {
  const order = orderInput(body)
  if (order instanceof Refusal) return order
  const { settlementStartDate, settlementDate, paymentId, partnerId, contractId } = body
  const problem =
    dayProblem({ settlementStartDate, settlementDate }) ??
    instantProblem({ 'externalPaymentDetail.paidAt': body.externalPaymentDetail?.paidAt }) ??
    idProblem({ paymentId }) ??
    propertyProblem(body.userDefinedProperties)
  return problem ?? { body, order, names: { partnerId, contractId, ...policyIdsOf(order) } }
}

const register = async (sql: Sql, request: PlatformRequest, command: Command, findPayment: FindPayment) => {
  const { platform } = request
  const { body, names } = command
  const surroundings = await readSurroundings(sql, platform, {
    transferId: body.id,
    partnerId: names.partnerId,
    contractId: names.contractId,
    additionalFeePolicyIds: names.additionalFees,
    discountSharePolicyIds: names.discountShares,
    paymentId: body.paymentId,
  })
  const facts = await examine(sql, request, command, surroundings, findPayment)
  if (facts instanceof Refusal) return facts
  const transfer = transferOf(request, command, surroundings, facts)
  if (transfer instanceof Refusal) return transfer
  const { payment, resolved } = facts
  const allowsSeveral = surroundings.setting.content.supportsMultipleOrderTransfersPerPartner
  const tooEarly = transfer.settlementDate < transfer.settlementStartDate && transfer.isSettlementDateGiven
  const written = tooEarly
    ? 'LOST'
    : await insertOrder(sql, { platform, allowsSeveral }, { transfer, uses: usesOf(resolved), cap: payment.cap })
  switch (written) {
    case 'WRITTEN':
      return { transfer, snapshots: snapshotsOf(resolved) }
    case 'ID_TAKEN':
      return idTaken(transfer.transferId)
    case 'LOST': {
      const refusal = await whyLost(sql, request, transfer, payment, allowsSeveral)
      if (refusal) return refusal
      return tooEarly ? dateTooEarly(transfer.settlementStartDate, transfer.settlementDate) : 'LOST'
    }
  }
}

/** What kept the order from being written, if it still does. Otherwise something else has changed: try again. */
const whyLost = async (
  sql: Sql,
  { platform }: PlatformRequest,
  transfer: OrderWrite['transfer'],
  payment: OrderPayment,
  allowsSeveral: boolean,
) => {
  const registered = await findRegistered(sql, platform, payment)
  if (!allowsSeveral && registered.partners[transfer.partnerId]) {
    const known = await findOrderOf(sql, platform, payment, transfer.partnerId)
    if (known !== undefined)
      return alreadyExists(
        known,
        'The partner has an order transfer of this payment. Several are refused unless supportsMultipleOrderTransfersPerPartner is set.',
      )
  }
  const { payment: paid, paymentTaxFree } = transfer.amounts
  return (
    payment.cap &&
    capExceeded(payment.cap, registered, { payment: BigInt(paid), paymentTaxFree: BigInt(paymentTaxFree) })
  )
}

/** What an order is computed from. */
type Facts = {
  readonly payment: OrderPayment
  readonly start: Day
  readonly resolved: Resolved
  readonly parameters: TransferParameters
}

/** Everything the order relies on, or the first thing of it that is wrong, in the order in which we look. */
const examine = async (
  sql: Sql,
  request: PlatformRequest,
  { body, order, names }: Command,
  surroundings: Surroundings,
  findPayment: FindPayment,
) => {
  const { content } = surroundings.setting
  if (surroundings.isIdTaken && body.id !== undefined) return idTaken(body.id)
  const notFound = missing(surroundings, names)
  if (notFound) return notFound
  const parameters = resolveParameters(content, body.parameters)
  if (parameters instanceof Refusal) return parameters
  const keys = (body.userDefinedProperties ?? []).map(({ key }) => key)
  const unknown = unknownProperty(content, 'TRANSFER', keys)
  if (unknown) return unknown
  const payment = await paymentOf(request, body, surroundings, findPayment)
  if (payment instanceof Refusal) return payment
  if (!isSettlementCurrency(payment.currency)) return currencyNotSupported(payment.currency)
  const start = payment.hasFailed ? undefined : (body.settlementStartDate ?? payment.startDate)
  if (start === undefined) return notPaid(payment)
  const resolved = await resolve({ sql, platform: request.platform, find: surroundings.find }, names, start)
  if (resolved instanceof Refusal) return resolved
  const facts: Facts = { payment, start, resolved, parameters }
  return currencyMismatch(resolved, payment.currency) ?? orderProblem(order, resolved) ?? facts
}

const paymentOf = async (
  { platform, now }: PlatformRequest,
  { paymentId, externalPaymentDetail }: Body,
  surroundings: Surroundings,
  findPayment: FindPayment,
): Promise<OrderPayment | Refusal<'INVALID_REQUEST' | 'PLATFORM_PAYMENT_NOT_FOUND'>> => {
  if (externalPaymentDetail) {
    // What was paid here is limited by what was paid. One that was not may have been paid elsewhere, under the same number.
    const known = await paidAmong(surroundings.payment, () => findPayment(paymentId))
    if (known) return paidHere(paymentId)
    return externalPayment(platform.store.storeId, paymentId, externalPaymentDetail, now)
  }
  const payment = surroundings.payment ?? (await findPayment(paymentId))
  return (payment && ourPayment(payment)) ?? noPayment(paymentId)
}

/** The payment here if it was paid, or else that of another store. */
const paidAmong = async (here: Payment | undefined, findElsewhere: () => Promise<Payment | undefined>) => {
  if (here && paidAttempt(here)) return here
  const elsewhere = await findElsewhere()
  return elsewhere && paidAttempt(elsewhere) && elsewhere
}

const orderProblem = (input: OrderInput, policies: Policies) => {
  const products = (input.orderLines ?? []).map(({ product }) => product.id)
  const twice = products.find((id, index) => products.indexOf(id) !== index)
  if (twice !== undefined) return productTwice(twice)
  const order = orderOf(input, policies)
  const quantities = orderQuantities(order)
  const lines = quantities.lines.map((line) => ({ ...line, discounts: line.discounts.map(({ discount }) => discount) }))
  const exceeded = exceededIn({ ...quantities, lines, discounts: order.discounts })
  return exceeded && amountExceeded(exceeded)
}

/** The transfer as it will be written. */
const transferOf = (
  { platform, now }: PlatformRequest,
  { body, order }: Command,
  { setting, calendar }: Surroundings,
  { payment, start, resolved, parameters }: Facts,
): OrderWrite['transfer'] | Refusal<'INVALID_REQUEST'> => {
  const computed = computeOrder(order, resolved, setting.content, parameters)
  if (computed instanceof Refusal) return computed
  const properties = body.userDefinedProperties ?? []
  return {
    type: 'ORDER',
    transferId: body.id ?? sortablePlatformId('trs'),
    storeId: platform.store.storeId,
    // What is not paid yet waits for its payment, whatever its date, and what was given back in full for its cancellation.
    status: start > dayOf(now) || !payment.hasMoney ? 'SCHEDULED' : 'IN_PROCESS',
    ...versionsOf(resolved),
    settingVersion: setting.version,
    currency: payment.currency,
    settlementStartDate: start,
    settlementDate: body.settlementDate ?? dateByCycle(resolved.contract, start, calendar, setting.content),
    isSettlementDateGiven: body.settlementDate !== undefined,
    isSettledAlone: false,
    memo: body.memo ?? null,
    properties,
    paymentType: payment.type,
    paymentStoreId: payment.storeId,
    paymentId: payment.id,
    paymentMethodType: payment.methodType,
    channelKey: payment.channelKey,
    originalTransferId: null,
    detail: {
      payment: payment.view(start),
      order,
      ...(typeof body.contractId === 'string' ? {} : { hasPartnersContract: true }),
      ...policyVersions(resolved),
      parameters,
      computed: computed.computed,
    },
    amounts: computed.amounts,
    userDefinedFormulas: computed.userDefinedFormulas,
    partnerSettlementId: null,
    createdAt: now,
    search: searchEntries(order, properties),
  }
}

/** Everything that must not be archived before the order is there. */
const usesOf = ({ partner, contract, additionalFees, discountShares }: Resolved): Uses => [
  { kind: 'PARTNER', id: partner.id },
  { kind: 'CONTRACT', id: contract.id },
  ...[...additionalFees.keys()].map((id) => ({ kind: 'ADDITIONAL_FEE_POLICY', id }) as const),
  ...[...discountShares.keys()].map((id) => ({ kind: 'DISCOUNT_SHARE_POLICY', id }) as const),
]

/** What the order was computed by, for its view. */
const snapshotsOf = ({ partner, contract, additionalFees, discountShares }: Resolved): Snapshots =>
  knownSnapshots([
    { kind: 'PARTNER', data: partner },
    { kind: 'CONTRACT', data: contract },
    ...[...additionalFees.values()].map((data) => ({ kind: 'ADDITIONAL_FEE_POLICY', data }) as const),
    ...[...discountShares.values()].map((data) => ({ kind: 'DISCOUNT_SHARE_POLICY', data }) as const),
  ])
