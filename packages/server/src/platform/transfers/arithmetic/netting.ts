import { total } from './amounts.ts'

/** What a settled amount counts as when several are paid together. */
export type NettedSettlement = {
  readonly type: 'ORDER' | 'ORDER_CANCEL' | 'MANUAL'
  readonly settlement: bigint
  readonly settlementTaxFree: bigint
}

/** What a partner is owed for several settlements: cancellations are positive amounts, and are subtracted. */
export const net = (settlements: readonly NettedSettlement[]): Omit<NettedSettlement, 'type'> => ({
  settlement: total(settlements.map(({ type, settlement }) => signed(type, settlement))),
  settlementTaxFree: total(settlements.map(({ type, settlementTaxFree }) => signed(type, settlementTaxFree))),
})

const signed = (type: NettedSettlement['type'], amount: bigint): bigint => {
  switch (type) {
    case 'ORDER':
    case 'MANUAL':
      return amount
    case 'ORDER_CANCEL':
      return -amount
  }
}
