import type {
  PlatformManualTransfer,
  PlatformOrderCancelTransfer,
  PlatformOrderSettlementAmount,
  PlatformOrderTransfer,
  PlatformOrderTransferAdditionalFee,
  PlatformOrderTransferDiscount,
  PlatformOrderTransferOrderLine,
  PlatformTransfer,
} from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import { toIso } from '../../kernel/clock.ts'
import type { Amount } from '../../kernel/money.ts'
import { contractView } from '../contracts/view.ts'
import { partnerView } from '../partners/view.ts'
import { graphqlId, type Platform } from '../platform.ts'
import { additionalFeePolicyView, discountSharePolicyView } from '../policies/view.ts'
import type { AmountField } from './arithmetic/amounts.ts'
import { keysOf, readSnapshots, type Snapshots } from './snapshots.ts'
import type {
  CancelTransfer,
  ComputedDiscount,
  ComputedFee,
  ComputedLine,
  ManualTransfer,
  OrderDetail,
  OrderTransfer,
  Transfer,
} from './transfer.ts'

/** Transfers as the API answers them in full, in the order given. One round trip for all of them. */
export const transferViews = async (
  sql: Sql,
  platform: Platform,
  transfers: readonly Transfer[],
): Promise<readonly PlatformTransfer[]> => {
  const snapshots = await readSnapshots(sql, platform, transfers.flatMap(keysOf))
  return transfers.map((transfer) => transferView(platform, transfer, snapshots))
}

export const transferView = (platform: Platform, transfer: Transfer, snapshots: Snapshots): PlatformTransfer => {
  switch (transfer.type) {
    case 'ORDER':
      return orderView(platform, transfer, snapshots)
    case 'ORDER_CANCEL':
      return cancelView(platform, transfer, snapshots)
    case 'MANUAL':
      return manualView(platform, transfer, snapshots)
  }
}

/** What a view needs of a transfer: one that was just written has no version yet. */
type Shown<Whole extends Transfer> = Omit<Whole, 'version'>

export const orderView = (
  platform: Platform,
  transfer: Shown<OrderTransfer>,
  snapshots: Snapshots,
): PlatformOrderTransfer => ({ type: 'ORDER', ...ofAnOrder(platform, transfer, snapshots) })

export const cancelView = (
  platform: Platform,
  transfer: Shown<CancelTransfer>,
  snapshots: Snapshots,
): PlatformOrderCancelTransfer => {
  const { id, cancelledAt } = transfer.detail.cancellation
  return {
    type: 'ORDER_CANCEL',
    ...ofAnOrder(platform, transfer, snapshots),
    cancellation: { id, cancelledAt: toIso(cancelledAt) },
  }
}

export const manualView = (
  platform: Platform,
  transfer: Shown<ManualTransfer>,
  snapshots: Snapshots,
): PlatformManualTransfer => ({
  type: 'MANUAL',
  ...common(platform, transfer, snapshots),
  settlementAmount: transfer.amounts.settlement,
  settlementTaxFreeAmount: transfer.amounts.settlementTaxFree,
})

type ShownOfAnOrder = Shown<OrderTransfer> | Shown<CancelTransfer>

const common = (
  platform: Platform,
  transfer: ShownOfAnOrder | Shown<ManualTransfer>,
  snapshots: Snapshots,
): Omit<PlatformManualTransfer, 'type' | 'settlementAmount' | 'settlementTaxFreeAmount'> => {
  const { transferId, status, memo, settlementDate, currency, properties, partnerId, partnerVersion } = transfer
  return {
    id: transferId,
    graphqlId: graphqlId('TRANSFER', transferId),
    partner: partnerView(platform, snapshots('PARTNER', { id: partnerId, version: partnerVersion })),
    status,
    ...(memo === null ? {} : { memo }),
    settlementDate,
    settlementCurrency: currency,
    isForTest: platform.isForTest,
    userDefinedProperties: properties,
  }
}

const ofAnOrder = (
  platform: Platform,
  transfer: ShownOfAnOrder,
  snapshots: Snapshots,
): Omit<PlatformOrderTransfer, 'type'> => {
  const { contractId, contractVersion, settlementStartDate, amounts, userDefinedFormulas, detail } = transfer
  const show = partsView(platform, detail, snapshots)
  return {
    ...common(platform, transfer, snapshots),
    amount: amountView({ amounts, userDefinedFormulas }),
    contract: contractView(platform, snapshots('CONTRACT', { id: contractId, version: contractVersion })),
    payment: detail.payment,
    settlementStartDate,
    orderLines: detail.computed.lines.map(show.line),
    additionalFees: detail.computed.additionalFees.map(show.fee),
    discounts: detail.computed.discounts.map(show.discount),
    parameters: detail.parameters,
  }
}

/** The amount object, with the two names that PortOne keeps for earlier clients. */
export const amountView = ({
  amounts,
  userDefinedFormulas,
}: {
  readonly amounts: Readonly<Record<AmountField, Amount>>
  readonly userDefinedFormulas: Readonly<Record<string, Amount>>
}): PlatformOrderSettlementAmount => ({
  ...amounts,
  userDefinedFormulas,
  taxFree: amounts.paymentTaxFree,
  supply: amounts.paymentSupply,
})

/** How the parts of one transfer are shown, with the policies in the versions that it used. */
const partsView = (platform: Platform, detail: OrderDetail, snapshots: Snapshots) => {
  const products = new Map((detail.order.orderLines ?? []).map(({ product }) => [product.id, product]))
  const discount = ({ policyId, ...amounts }: ComputedDiscount): PlatformOrderTransferDiscount => ({
    sharePolicy: discountSharePolicyView(
      platform,
      snapshots('DISCOUNT_SHARE_POLICY', versionIn(detail.discountSharePolicies, policyId)),
    ),
    ...amounts,
  })
  const fee = ({ policyId, ...amounts }: ComputedFee): PlatformOrderTransferAdditionalFee => ({
    policy: additionalFeePolicyView(
      platform,
      snapshots('ADDITIONAL_FEE_POLICY', versionIn(detail.additionalFeePolicies, policyId)),
    ),
    ...amounts,
  })
  const line = (computed: ComputedLine): PlatformOrderTransferOrderLine => {
    const product = products.get(computed.productId)
    if (!product) throw new Error(`the order has no product ${computed.productId}`)
    return {
      product,
      quantity: computed.quantity,
      discounts: computed.discounts.map(discount),
      additionalFees: computed.additionalFees.map(fee),
      amount: amountView(computed),
    }
  }
  return { discount, fee, line }
}

const versionIn = (versions: Readonly<Record<string, number>>, id: string) => {
  const version = versions[id]
  if (version === undefined) throw new Error(`the transfer does not name the version of ${id}`)
  return { id, version }
}
