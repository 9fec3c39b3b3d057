import {
  type AggregateProcess,
  type Changed as ChangedState,
  createAggregate,
  type Loaded,
  type ProcessParts,
} from '../aggregates/aggregate.ts'
import type { GatewayParts } from '../gateways/call.ts'
import type { Encryption } from '../kernel/encryption.ts'
import type { PaymentParts } from '../payments/parts.ts'
import type { CashReceiptEvent, CashReceipts } from './cash-receipt.ts'
import { noReceipts } from './evolve.ts'
import { cashReceiptAggregate } from './store.ts'

type Needs = ProcessParts &
  GatewayParts & {
    readonly encryption: Pick<Encryption, 'encrypt' | 'decrypt'>
    /** For the payments that receipts come with. */
    readonly payments: () => PaymentParts
  }

/** What cash receipts are built from. */
export type CashReceiptParts = Needs & {
  readonly process: AggregateProcess<CashReceipts, CashReceiptEvent>
}

/** Receipts are addressed by the id of the payment, which need not exist. */

export type LoadedReceipts = Loaded<CashReceipts>
export type Changed = ChangedState<CashReceipts, CashReceiptEvent>

export const cashReceiptParts = (needs: Needs): CashReceiptParts => ({
  ...needs,
  process: createAggregate(needs, {
    aggregate: cashReceiptAggregate,
    empty: ({ merchantId, storeId }, paymentId) => noReceipts(merchantId, storeId, paymentId),
  }),
})
