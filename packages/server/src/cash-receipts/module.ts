import {
  type AggregateProcess,
  type Changed as ChangedState,
  createProcess,
  type Loaded,
  type ProcessParts,
} from '../aggregates/aggregate.ts'
import { Settlements } from '../doubt/await-outcome.ts'
import type { GatewayParts } from '../gateways/call.ts'
import type { Encryption } from '../kernel/encryption.ts'
import type { Store } from '../merchants/store.ts'
import type { PaymentParts } from '../payments/module.ts'
import type { CashReceiptEvent, CashReceipts } from './cash-receipt.ts'
import { noReceipts } from './evolve.ts'
import { cashReceiptAggregate } from './store.ts'

type Needs = ProcessParts &
  GatewayParts & {
    readonly encryption: Pick<Encryption, 'encrypt' | 'decrypt'>
    /** For the payments that receipts come with. */
    readonly payments: () => PaymentParts
  }

/** What the cash receipts' room needs from the rest of the house. */
export type CashReceiptParts = Needs & {
  readonly process: AggregateProcess<CashReceipts, CashReceiptEvent>
  /** Tells whoever waits for a receipt's outcome that something changed. */
  readonly settlements: Settlements
}

/** Receipts are addressed by the id of the payment, which need not exist. */
export type ReceiptKey = { readonly store: Store; readonly id: string }

export type LoadedReceipts = Loaded<CashReceipts>
export type Changed = ChangedState<CashReceipts, CashReceiptEvent>

export const cashReceiptParts = (needs: Needs): CashReceiptParts => {
  const settlements = new Settlements()
  return {
    ...needs,
    settlements,
    process: createProcess(needs, {
      aggregate: cashReceiptAggregate,
      empty: ({ merchantId, storeId }, paymentId) => noReceipts(merchantId, storeId, paymentId),
      committed: (key) => settlements.settled(nameOf(key)),
    }),
  }
}

export const nameOf = ({ store, id }: ReceiptKey): string => `${store.storeId}/${id}`
