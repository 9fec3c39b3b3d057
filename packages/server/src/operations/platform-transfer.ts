import type { PlatformTransferStatus } from '@naru/contract'
import type { Answer, Call, Handlers } from '../http/handler.ts'
import { type Day, dayOf } from '../kernel/days.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Principal } from '../merchants/principal.ts'
import { findPayment } from '../payments/store.ts'
import type { PlatformParts } from '../platform/parts.ts'
import type { PlatformRequest } from '../platform/platform.ts'
import { settleTransfer } from '../platform/settlements/settle.ts'
import { createCancel, type FindPaymentIn } from '../platform/transfers/create-cancel.ts'
import { createManual } from '../platform/transfers/create-manual.ts'
import { createOrder, type FindPayment } from '../platform/transfers/create-order.ts'
import { deleteTransfer } from '../platform/transfers/delete.ts'
import { listTransfers } from '../platform/transfers/list.ts'
import { readTransfer } from '../platform/transfers/read.ts'
import { transferSheet } from '../platform/transfers/sheet/sheet.ts'
import { languageOf } from '../platform/transfers/sheet/words.ts'
import { cancelView, manualView, orderView } from '../platform/transfers/view.ts'
import { onPlatform } from './on-platform.ts'

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
      const created = await createOrder(parts, request, body, elsewhere(parts, principal, request))
      if (created instanceof Refusal) return created
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
      const created = await createCancel(parts, request, body, inStore(parts, principal))
      if (created instanceof Refusal) return created
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
      const created = await createManual(parts, request, body)
      if (created instanceof Refusal) return created
      const transfer = await settled(parts, request, created.transfer)
      return { transfer: manualView(request.platform, transfer, created.snapshots) }
    },
    flag,
  ),
  deletePlatformTransfer: onPlatform(parts, (request, { path }) => deleteTransfer(parts.sql, request, path.id)),
})

/** Payments of other stores of the merchant, where the credential is one of the whole merchant. */
const elsewhere =
  ({ sql, access }: PlatformParts, principal: Principal, { platform }: PlatformRequest): FindPayment =>
  async (paymentId) => {
    const stores = await access.reachableStores(principal, undefined)
    if (stores instanceof Refusal) return undefined
    for (const { storeId } of stores) {
      const payment = storeId === platform.store.storeId ? undefined : await findPayment(sql, storeId, paymentId)
      if (payment) return payment
    }
    return undefined
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

/** What is payable already is settled at once, so that the answer says so. After a crash in between, the day's run does it. */
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
