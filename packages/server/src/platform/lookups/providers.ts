import type { HolderAnswer, HolderQuestion, PayoutBank } from '../../gateways/port/payout.ts'
import { realClock } from '../../kernel/clock.ts'
import type { Platform } from '../platform.ts'
import type { BusinessAnswer, CompanyAnswer } from './company-answer.ts'
import { sandboxBusinesses } from './sandbox-businesses.ts'
import { sandboxCompanies } from './sandbox-companies.ts'

/** Where the people and companies behind partners are looked up. */
export type LookUps = {
  /** Who holds an account, as its bank says. */
  holderOf(account: HolderQuestion): Promise<HolderAnswer>
  /** What the tax office says of a company, by its registration number. */
  companyOf(businessRegistrationNumber: string): Promise<CompanyAnswer>
  /** All that the register has of a business, by its registration number. */
  businessOf(businessRegistrationNumber: string): Promise<BusinessAnswer>
}

/** The look-ups of each platform. */
export type LookUpsOf = (platform: Platform) => LookUps

/**
 * Test platforms and sandbox stores use the sandbox's bank and register. Naru has no provider for live ones yet, and says
 * so instead of pretending to have asked.
 */
export const lookUpsWith =
  (sandboxBank: PayoutBank): LookUpsOf =>
  ({ merchantId, isForTest, store }) =>
    isForTest || store.mode === 'SANDBOX'
      ? {
          // No money moves, so that it does not matter which account of ours asks.
          holderOf: (question) =>
            sandboxBank.lookUpHolder({ merchantId, account: { ...asking, isForTest }, clock: realClock }, question),
          companyOf: sandboxCompanies,
          businessOf: sandboxBusinesses,
        }
      : noProvider

const asking = { id: 'look-up', bank: 'KOOKMIN', number: '', holder: '' } as const

const unavailable = {
  kind: 'unavailable',
  reason: 'No provider of look-ups is configured for live platforms: ask whoever runs this server.',
} as const

const noProvider: LookUps = {
  holderOf: async () => unavailable,
  companyOf: async () => unavailable,
  businessOf: async () => unavailable,
}
