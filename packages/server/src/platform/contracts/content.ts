import type { PlatformContract } from '@naru/contract'

/** What a contract says: everything that has versions. */
export type ContractContent = Pick<
  PlatformContract,
  'name' | 'memo' | 'platformFee' | 'settlementCycle' | 'platformFeeVatPayer' | 'subtractPaymentVatAmount'
>
