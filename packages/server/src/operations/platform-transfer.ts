import type { PlatformTransferStatus } from '@naru/contract'
import type { Answer, Call, Handlers } from '../http/handler.ts'
import { type Day, dayOf } from '../kernel/days.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Principal } from '../merchants/principal.ts'
import { type Payment, paidAttempt } from '../payments/state/payment.ts'
import { findPayment } from '../payments/stored.ts'
import type { PlatformParts } from '../platform/parts.ts'
import { type PlatformRequest, sortablePlatformId } from '../platform/platform.ts'
import { settleTransfer } from '../platform/settlements/settle.ts'
import { createCancel, type FindPaymentIn } from '../platform/transfers/create-cancel.ts'
import { createManual } from '../platform/transfers/create-manual.ts'
import { createOrder, type FindPayment } from '../platform/transfers/create-order.ts'
import { deleteTransfer } from '../platform/transfers/delete.ts'
import { listTransfers } from '../platform/transfers/list.ts'
import { readTransfer } from '../platform/transfers/read.ts'
import { transferSheet } from '../platform/transfers/sheet/sheet.ts'
import { languageOf } from '../platform/transfers/sheet/words.ts'
import { keysOf, readSnapshots } from '../platform/transfers/snapshots.ts'
import { findTransfer } from '../platform/transfers/store.ts'
import { cancelView, manualView, orderView } from '../platform/transfers/view.ts'
import { changingPlatform, onPlatform } from './on-platform.ts'

type TransferOperationId =
  | 'getPlatformTransfer'
  | 'getPlatformTransferSummaries'
  | 'downloadPlatformTransferSheet'
  | 'createPlatformOrderTransfer'
  | 'createPlatformOrderCancelTransfer'
  | 'createPlatformManualTransfer'
  | 'deletePlatformTransfer'

const flag = ({ body }: { readonly body: { readonly isForTest?: boolean } }) => body.isForTest

/** Registering, deleting and reading transfers. */
export const platformTransferOperations = (parts: PlatformParts): Pick<Handlers, TransferOperationId> => ({
  getPlatformTransfer: onPlatform(parts, ({ platform }, { path }) => readTransfer(parts.sql, platform, path.id)),

  getPlatformTransferSummaries: onPlatform(
    parts,
    ({ platform }, { body }) => listTransfers(parts.sql, platform, body),
    ({ body }) => body.filter?.isForTest,
  ),

  downloadPlatformTransferSheet: onPlatform(
    parts,
    (request, { body, caller }) => transferSheet(parts.sql, request, body, languageOf(caller.acceptLanguage)),
    ({ body }) => body.filter?.isForTest,
  ),

  createPlatformOrderTransfer: onPlatform<Call<'createPlatformOrderTransfer'>, Answer<'createPlatformOrderTransfer'>>(
    parts,
    async (request, { principal, body }) => {
      const named = withOwnId(request, body)
      const created = await createOrder(parts, request, named, elsewhere(parts, principal, request))
      if (created instanceof Refusal) {
        const made = body.id === undefined && (await madeBefore(parts, request, created, named))
        return made && made.transfer.type === 'ORDER'
          ? { transfer: orderView(request.platform, made.transfer, made.snapshots) }
          : created
      }
      const transfer = await settled(parts, request, created.transfer)
      return { transfer: orderView(request.platform, transfer, created.snapshots) }
    },
    flag,
  ),
  createPlatformOrderCancelTransfer: onPlatform<
    Call<'createPlatformOrderCancelTransfer'>,
    Answer<'createPlatformOrderCancelTransfer'>
  >(
    parts,
    async (request, { principal, body }) => {
      const named = withOwnId(request, body)
      const created = await createCancel(parts, request, named, inStore(parts, principal))
      if (created instanceof Refusal) {
        const made = body.id === undefined && (await madeBefore(parts, request, created, named))
        return made && made.transfer.type === 'ORDER_CANCEL'
          ? { transfer: cancelView(request.platform, made.transfer, made.snapshots) }
          : created
      }
      const transfer = await settled(parts, request, created.transfer)
      return { transfer: cancelView(request.platform, transfer, created.snapshots) }
    },
    flag,
  ),
  createPlatformManualTransfer: onPlatform<
    Call<'createPlatformManualTransfer'>,
    Answer<'createPlatformManualTransfer'>
  >(
    parts,
    async (request, { body }) => {
      const named = withOwnId(request, body)
      const created = await createManual(parts, request, named)
      if (created instanceof Refusal) {
        const made = body.id === undefined && (await madeBefore(parts, request, created, named))
        return made && made.transfer.type === 'MANUAL'
          ? { transfer: manualView(request.platform, made.transfer, made.snapshots) }
          : created
      }
      const transfer = await settled(parts, request, created.transfer)
      return { transfer: manualView(request.platform, transfer, created.snapshots) }
    },
    flag,
  ),
  deletePlatformTransfer: changingPlatform(parts, (parts, request, { path }) =>
    deleteTransfer(parts.sql, request, path.id),
  ),
})

/** With an id of the request's own, where it carries an Idempotency-Key and names none. */
const withOwnId = <Body extends { readonly id?: string }>({ name }: PlatformRequest, body: Body): Body =>
  body.id === undefined && name !== undefined ? { ...body, id: sortablePlatformId('trs', name) } : body

/** What an earlier try of the request made, where the refusal says that its own id is taken. */
const madeBefore = async (
  { sql }: PlatformParts,
  { platform }: PlatformRequest,
  { body: { type } }: Refusal,
  { id }: { readonly id?: string },
) => {
  if (type !== 'PLATFORM_TRANSFER_ID_ALREADY_USED' || id === undefined) return undefined
  const transfer = await findTransfer(sql, platform, id)
  return transfer && { transfer, snapshots: await readSnapshots(sql, platform, keysOf(transfer)) }
}

/**
 * Payments of other stores of the merchant, where the credential is one of the whole merchant: one that was paid before one that
 * was not.
 */
const elsewhere =
  ({ sql, access }: PlatformParts, principal: Principal, { platform }: PlatformRequest): FindPayment =>
  async (paymentId) => {
    const stores = await access.reachableStores(principal, undefined)
    if (stores instanceof Refusal) return undefined
    let found: Payment | undefined
    for (const { storeId } of stores) {
      const payment = storeId === platform.store.storeId ? undefined : await findPayment(sql, storeId, paymentId)
      if (payment && paidAttempt(payment)) return payment
      found ??= payment
    }
    return found
  }

const inStore =
  ({ sql, access }: PlatformParts, principal: Principal): FindPaymentIn =>
  async (storeId, paymentId) => {
    const store = await access.resolveStore(principal, storeId)
    return store instanceof Refusal ? undefined : await findPayment(sql, storeId, paymentId)
  }

type New = {
  readonly transferId: string
  readonly status: PlatformTransferStatus
  readonly settlementDate: Day
}

/** What is already payable is settled at once, so that the answer says so. After a crash in between, the day's run does it. */
const settled = async <Whole extends New>(
  { sql }: PlatformParts,
  request: PlatformRequest,
  transfer: Whole,
): Promise<Whole> => {
  const today = dayOf(request.now)
  if (transfer.status !== 'IN_PROCESS' || transfer.settlementDate > today) return transfer
  await settleTransfer(sql, request, transfer)
  return { ...transfer, status: 'SETTLED' }
}
