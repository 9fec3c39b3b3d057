import type { AggregateKey } from '../aggregates/aggregate.ts'
import {
  type AggregateProcess,
  type Changed as ChangedState,
  createAggregate,
  type Loaded,
  type ProcessParts,
} from '../aggregates/aggregate.ts'
import type { GatewayParts } from '../gateways/call.ts'
import type { IssuedBillingKey } from '../gateways/port/billing-key.ts'
import type { Encryption } from '../kernel/encryption.ts'
import { announce } from './announce.ts'
import { type BillingKey, type BillingKeyEvent, type Holding, noBillingKey } from './billing-key.ts'
import type { FirstPaymentOutcome, Seal } from './rules/rules.ts'
import { billingKeyAggregate } from './store.ts'

type Needs = ProcessParts &
  GatewayParts & {
    /** What became of the payment that a key was confirmed with; it is made where nobody has. */
    readonly firstPayment: (key: AggregateKey & { readonly state: BillingKey }) => Promise<FirstPaymentOutcome>
    readonly encryption: Pick<Encryption, 'encrypt' | 'decrypt'>
  }

/** What billing keys are built from. */
export type BillingKeyParts = Needs & { readonly process: AggregateProcess<BillingKey, BillingKeyEvent> }

export type LoadedBillingKey = Loaded<BillingKey>
export type Changed = ChangedState<BillingKey, BillingKeyEvent>

export const billingKeyParts = (needs: Needs): BillingKeyParts => ({
  ...needs,
  process: createAggregate(needs, {
    aggregate: billingKeyAggregate,
    empty: ({ merchantId, storeId }, billingKey) => noBillingKey(merchantId, storeId, billingKey),
    announce,
  }),
})

/** The encryption's context binds a token to its store and reference: it cannot be decrypted in another row. */
const contextOf = (storeId: string, reference: string) => `billing key of ${storeId} as ${reference}`

export const sealFor =
  ({ encryption }: BillingKeyParts, storeId: string, reference: string): Seal =>
  ({ token, method, pgTransactionId }: IssuedBillingKey) => ({
    token: encryption.encrypt(token, contextOf(storeId, reference)).toString('base64'),
    method,
    pgTransactionId,
  })

export const openToken = (parts: BillingKeyParts, storeId: string, { reference, token }: Holding): string => {
  if (token === undefined) throw new Error(`the billing key held as ${reference} has no token`)
  return parts.encryption.decrypt(Buffer.from(token, 'base64'), contextOf(storeId, reference))
}
