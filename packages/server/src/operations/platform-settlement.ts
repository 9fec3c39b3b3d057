import type { Handlers } from '../http/handler.ts'

/** Partner settlements. */
export const platformSettlementOperations = {
  getPlatformPartnerSettlements: 'not-built',
} satisfies Partial<Handlers>
