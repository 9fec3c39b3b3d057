import type {
  PlatformPayment,
  PlatformTransferSummary,
  PlatformTransferSummaryPartner,
  PlatformTransferSummaryPayment,
} from '@naru/contract'
import { contractView } from '../contracts/view.ts'
import type { Snapshot } from '../entities/entity.ts'
import { graphqlId, type Platform } from '../platform.ts'
import type { SnapshotKey, Snapshots } from './snapshots.ts'
import type { CancelTransfer, ManualTransfer, OrderTransfer } from './transfer.ts'
import { amountView } from './view.ts'

/** A transfer as lists read it: without its detail, which may be long, but for the payment. */
export type TransferSummary = OrderSummary | ManualTransfer

export type OrderSummary = Omit<OrderTransfer | CancelTransfer, 'detail'> & { readonly payment: PlatformPayment }

/** What a summary shows besides the transfer: the partner and the contract as they were then. */
export const summaryKeysOf = (transfer: TransferSummary): readonly SnapshotKey[] => {
  const partner: SnapshotKey = { kind: 'PARTNER', id: transfer.partnerId, version: transfer.partnerVersion }
  if (transfer.type === 'MANUAL') return [partner]
  return [partner, { kind: 'CONTRACT', id: transfer.contractId, version: transfer.contractVersion }]
}

export const summaryView = (
  platform: Platform,
  transfer: TransferSummary,
  snapshots: Snapshots,
): PlatformTransferSummary => {
  const { transferId, status, memo, settlementDate, currency, properties, partnerId, partnerVersion } = transfer
  const partner = partnerView(snapshots('PARTNER', { id: partnerId, version: partnerVersion }))
  const common = {
    id: transferId,
    graphqlId: graphqlId('TRANSFER', transferId),
    partner,
    status,
    ...(memo === null ? {} : { memo }),
    settlementDate,
    settlementCurrency: currency,
    isForTest: platform.isForTest,
    // PortOne has announced that it will go, and still sends it.
    partnerUserDefinedProperties: partner.userDefinedProperties,
    userDefinedProperties: properties,
  }
  if (transfer.type === 'MANUAL') {
    const { settlement, settlementTaxFree } = transfer.amounts
    return { type: 'MANUAL', ...common, settlementAmount: settlement, settlementTaxFreeAmount: settlementTaxFree }
  }
  const { type, paymentStoreId, contractId, contractVersion, settlementStartDate } = transfer
  return {
    type,
    ...common,
    storeId: paymentStoreId,
    contract: contractView(platform, snapshots('CONTRACT', { id: contractId, version: contractVersion })),
    amount: amountView(transfer),
    payment: paymentView(transfer),
    settlementStartDate,
  }
}

const partnerView = ({ id, content }: Snapshot<'PARTNER'>): PlatformTransferSummaryPartner => ({
  id,
  graphqlId: graphqlId('PARTNER', id),
  name: content.name,
  type: content.type.type,
  ...(content.type.type === 'BUSINESS' ? { taxationType: content.type.taxationType } : {}),
  userDefinedProperties: Object.entries(content.userDefinedProperties).map(([key, value]) => ({ key, value })),
})

const paymentView = ({ payment, paymentMethodType }: OrderSummary): PlatformTransferSummaryPayment => {
  const { id, currency } = payment
  const method = paymentMethodType === null ? {} : { methodType: paymentMethodType }
  if (payment.type === 'PORT_ONE') return { type: 'PORT_ONE', id, orderName: payment.orderName, currency, ...method }
  const orderName = payment.orderName === undefined ? {} : { orderName: payment.orderName }
  return { type: 'EXTERNAL', id, ...orderName, currency, ...method }
}
