import type { AggregateKey } from '../aggregates/aggregate.ts'
import { type AggregateProcess, createAggregate, type Loaded, type ProcessParts } from '../aggregates/aggregate.ts'
import type { GatewayParts } from '../gateways/call.ts'
import type { Person } from '../gateways/port/identity.ts'
import type { Encryption } from '../kernel/encryption.ts'
import type { Seal } from './rules.ts'
import { verificationAggregate } from './store.ts'
import { type Attempt, noVerification, type Verification, type VerificationEvent } from './verification.ts'

type Needs = ProcessParts & GatewayParts & { readonly encryption: Pick<Encryption, 'encrypt' | 'decrypt'> }

/** What identity verification is built from. */
export type VerificationParts = Needs & { readonly process: AggregateProcess<Verification, VerificationEvent> }

export type LoadedVerification = Loaded<Verification>

export const verificationParts = (needs: Needs): VerificationParts => ({
  ...needs,
  process: createAggregate(needs, {
    aggregate: verificationAggregate,
    empty: ({ merchantId, storeId }, id) => noVerification(merchantId, storeId, id),
  }),
})

/** The merchant's ids for the subject of a call to the PG. */
export const subjectOf = ({ id }: AggregateKey, { customer }: Pick<Attempt, 'customer'>) => ({
  identityVerificationId: id,
  customerId: customer.id,
})

/** The CI and DI, which identify a person uniquely, and the PG's answer, which contains them too. */
export type Secrets = { readonly ci?: string | undefined; readonly di?: string | undefined; readonly raw: string }

/** The encryption's context binds the secrets to their attempt: they cannot be decrypted in another row. */
const contextOf = (storeId: string, attemptId: string) => `identity of ${storeId} as ${attemptId}`

export const sealFor =
  ({ encryption }: VerificationParts, storeId: string, attemptId: string): Seal =>
  ({ ci, di, raw, pgTransactionId: _, verifiedAt, ...facts }: Person) => {
    const secrets = JSON.stringify({ ci, di, raw } satisfies Secrets)
    const sealed = encryption.encrypt(secrets, contextOf(storeId, attemptId)).toString('base64')
    return { ...facts, at: verifiedAt, secrets: sealed }
  }

export const openSecrets = (
  { encryption }: Pick<VerificationParts, 'encryption'>,
  storeId: string,
  { id, verified }: Attempt,
): Secrets => {
  if (!verified) throw new Error(`the attempt ${id} is not verified`)
  return JSON.parse(encryption.decrypt(Buffer.from(verified.secrets, 'base64'), contextOf(storeId, id)))
}
