import type { Card } from '@naru/contract'
import type { Sql } from '../../db/connect.ts'
import type { Instant } from '../../kernel/clock.ts'
import { randomToken } from '../../kernel/ids.ts'
import type { CardCredential, GatewayFailure } from '../gateway.ts'
import { cardFacts, testCardOf } from './cards.ts'
import { rememberedBehaviour } from './codes.ts'
import { failureOf, type PgCode } from './failures.ts'
import type { SandboxParts } from './parts.ts'
import { codeFor, namedCode } from './triggers.ts'

/** A card without its number, and what it will do: when it is stored, and when it is charged. */
export type CardShown = { readonly code: string; readonly chargeCode: string; readonly card: Card }

/** What the sandbox PG makes of a card at first sight. */
export const cardShown = ({
  credential,
  customerId,
  testCode,
  now,
}: {
  readonly credential: CardCredential
  readonly customerId?: string | undefined
  readonly testCode?: string | undefined
  readonly now: Instant
}): CardShown => ({
  code: codeFor({ testCode, customerId, card: { credential, installmentMonth: 0 }, amount: 0, now }),
  chargeCode: chargeCode(credential.number, testCode, customerId),
  card: cardFacts(credential),
})

/** What the card itself, or a `bk-` code, means for its charges; what else was named was meant for the issue. */
const chargeCode = (number: string, testCode: string | undefined, customerId: string | undefined): string => {
  const named = namedCode(testCode) ?? namedCode(/^sbx-(.+)$/i.exec(customerId ?? '')?.[1])
  return named?.startsWith('bk-') ? named : (testCardOf(number)?.code ?? 'approve')
}

export type BillingAuthorizationOutcome =
  | { readonly kind: 'authenticated'; readonly authorization: string }
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

/** What a buyer did in the window where a card is stored, without the window. Nothing is stored until it is confirmed. */
export const authorizeBillingKey = async (
  { sql }: SandboxParts,
  storeId: string,
  request: Parameters<typeof cardShown>[0] & { readonly now: Instant },
): Promise<BillingAuthorizationOutcome> => {
  const { code, chargeCode, card } = cardShown(request)
  const { windowFails, charge } = rememberedBehaviour(code)
  if (windowFails) return { kind: 'failed', failure: failureOf(charge?.pgCode ?? 'PAY_PROCESS_CANCELED') }
  const authorization = `sbx_billing_auth_${randomToken()}`
  await sql`
    insert into sandbox_billing_authorizations (store_id, authorization_id, code, charge_code, card, created_at)
    values (${storeId}, ${authorization}, ${code}, ${chargeCode}, ${JSON.stringify(card)}::text::jsonb, ${request.now})`
  return { kind: 'authenticated', authorization }
}

/** Uses an authorization for the issue `reference`, once: the same issue may use it again, no other. */
export const useBillingAuthorization = async (
  sql: Sql,
  storeId: string,
  reference: string,
  authorization: string,
): Promise<CardShown | PgCode> => {
  const [used] = await sql<CardShown[]>`
    update sandbox_billing_authorizations set used_by = ${reference}
    where store_id = ${storeId} and authorization_id = ${authorization} and (used_by is null or used_by = ${reference})
    returning code, charge_code as "chargeCode", card`
  return used ?? 'SBX_AUTH_ALREADY_USED'
}
